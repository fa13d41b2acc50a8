/// `report` of a result: rows of stages with verdict, time and the fact worth reading.
///
/// Guarantees: a row that was added never changes, and goes out as progress at once, as it will stand in the
/// report; its text holds no credentials, and no address that the reader may not see. Does not know
/// connections.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/diagnosis.hpp"
#include "outcome/result.hpp"
#include "smtp/session.hpp"

namespace mailsend {

enum class RowVerdict { ok, warning, failed, skipped };

std::string_view to_string(RowVerdict) noexcept;

struct Row {
    Stage stage = Stage::host;
    RowVerdict verdict = RowVerdict::ok;
    std::uint64_t timing_ms = 0;
    std::string text{};  ///< in the language of the settings, or data; any bytes
    std::optional<Error> error{};
    std::string address{};  ///< IP literal that the row is about; empty: about all, or none
};

/// {stage, verdict, timing_ms, text, error?, address?}.
nlohmann::ordered_json to_json(const Row& row);

/// The text of a row that failed: what a server said, else the title of the explanation (our sentence, which
/// is English, stands in the error).
std::string words_of(const Error& error);

/// The stages of a connection in their order, up to signing in; those of a message follow.
std::vector<Stage> stages_of_connection(smtp::Protection protection);

/// Why nothing was done at `stage`, after `failed`; where that is not known, because the host stopped it.
std::string why_skipped(Stage stage, std::optional<Stage> failed, Language language);

/// The report of something that is over: stages that `attempt` spent time in are ok, the one of `error`
/// failed, the others were skipped. `fact` is asked for the text of those that are ok; as said for
/// StageReport, nothing in it that must be hidden from `reader` gets out.
nlohmann::ordered_json stage_report(const std::vector<Stage>& stages, const Attempt& attempt,
                                    const std::optional<Error>& error,
                                    const std::function<std::string(Stage)>& fact, const Reader& reader);

/// Rows along a plan of stages. One thread.
class StageReport {
  public:
    /// `plan`: the stages that will have a row each, at least, in their order; a stage may stand in it twice.
    /// `told` gets progress events (JSON); may be empty. What hides addresses from `reader` is borrowed.
    StageReport(std::vector<Stage> plan, std::function<void(std::string_view)> told, const Reader& reader);

    /// Progress alone: `stage` begins.
    void begin(Stage stage) const;
    void add(Row row);
    /// Adds `row` where the plan comes to its stage: it was known before its turn.
    void hold(Row row);
    /// Adds `row`, of a stage that ended well, as soon as anything follows it; a row that says that this very
    /// stage failed takes its place. A server may take back what it had agreed to: TLS 1.3 is there for one
    /// side before the other has looked at its certificate.
    void await(Row row);
    /// A skipped row for every stage that the plan still has, with `why` as text.
    void skip_rest(const std::function<std::string(Stage)>& why);
    /// The plan ends here; what is held is added.
    void stop();

    nlohmann::ordered_json document() const;

  private:
    void place(Row row);
    void release();
    void write(Row row);

    std::vector<Stage> plan_;
    std::size_t next_ = 0;
    std::function<void(std::string_view)> told_;
    Reader reader_;
    std::vector<Row> rows_;
    std::optional<Row> held_;
    std::optional<Row> awaited_;
};

}  // namespace mailsend
