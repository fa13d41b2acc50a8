// The operation `send-batch`: one message for many rows, each sent, reported and remembered by itself.
//
// Guarantees: flat memory, whatever the number of rows; each row's result is written as soon as it is known;
// a row at fault stops nobody else, a trouble that every row would have ends the batch, and the rest is
// counted as not attempted; no thread survives the call. Not done here: what a row is (batch_row), who waits
// for whom (batch_desk).
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "diagnosis/diagnosis.hpp"
#include "operations/account_limits.hpp"
#include "operations/batch_desk.hpp"
#include "operations/batch_results.hpp"
#include "operations/batch_tally.hpp"
#include "operations/batch_workers.hpp"
#include "operations/course.hpp"
#include "operations/sending.hpp"
#include "outcome/document.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;

constexpr int moment_ms = 100;
constexpr std::uint64_t tell_every_ms = 500;
constexpr unsigned usual_connections = 4;

std::size_t rows_at_once(const Settings& settings) {
    const auto connections = limits_of(settings).connections;
    return std::size_t{connections.value_or(usual_connections)} * settings.delivery.in_flight;
}

/// The call's thread's part in it.
class Batch {
  public:
    Batch(Invocation& invocation, BatchInput input)
        : invocation_(invocation),
          input_(std::move(input)),
          lines_(open_recipients(input_, invocation.call, invocation.host)),
          results_(invocation.call, input_.results),
          rows_(
              invocation, input_,
              [this](wfc_view name, wfc_source* out) { return desk_.ask_for_blob(name, out); },
              desk_.stopped()) {}

    wfc_status run() {
        {
            BatchWorkers workers(desk_, rows_, rows_at_once(invocation_.account.settings()));
            while (reading_ || desk_.under_way() > 0) {
                gather(workers);
                if (reading_) read_on(workers);
                tell(false);
            }
        }
        write_out();
        tell(true);
        return finish();
    }

  private:
    std::uint64_t now_ms() const { return invocation_.host.clock().monotonic_ms(); }

    /// Results that have come, and blobs that rows wait for.
    void gather(BatchWorkers& workers) {
        const bool idle = !reading_ || !(counting_ || desk_.room());
        std::vector<RowResult> results = desk_.results(idle ? moment_ms : 0);
        look_up();  // before a row whose time was over with the batch's tells why, as if it were all rows'
        for (RowResult& result : results) {
            workers.learn(result);
            octets_ += result.octets;
            if (!result.text.empty()) write(result.text);
            tally_.add(std::move(result));
        }
        heed();
        desk_.judged(results.size());
        desk_.open_blobs([this](wfc_view name, wfc_source* out) {
            const wfc_call* const table = invocation_.call.table();
            return table->open_blob(table, name, out);
        });
    }

    /// Whether it is to end before its time.
    void look_up() {
        if (stopped_) return;
        if (invocation_.call.cancelled()) return stop(stopped(Cancelled{}));
        const std::uint64_t deadline_ms = invocation_.call.deadline_ms();
        if (deadline_ms != 0 && now_ms() >= deadline_ms) return stop(stopped(net::TimedOut(true)));
    }

    /// Whether its rows have ended it.
    void heed() {
        if (stopped_ || counting_ || !tally_.ended_by()) return;
        counting_ = true;  // what is left is read, to say how much it is
        tally_.add_not_attempted(desk_.stop(false));
    }

    /// Nothing more is begun, and what is under way is given up.
    void stop(const Facts& why) {
        stopped_ = true;
        whole_ = !reading_;
        reading_ = false;
        tally_.end_with(explained(why, invocation_.account.reader()));
        tally_.add_not_attempted(desk_.stop(true));
    }

    void read_on(BatchWorkers& workers) {
        if (!counting_ && !desk_.room()) return;
        std::optional<BatchLine> line;
        try {
            line = lines_.next();
        } catch (const wfc::StreamFailed& broken) {
            if (!invocation_.call.cancelled())  // else that is why
                stop(Failure(Stage::host, "host.files", broken.what()).at("/recipients").facts());
            return;
        }
        if (!line) {
            reading_ = false;
            desk_.close();
        } else if (counting_) {
            tally_.add_not_attempted(1);
        } else {
            desk_.put(std::move(*line));
            workers.row_came();
        }
    }

    /// Results that nobody takes: what goes on would go on unseen.
    void write(std::string_view line) {
        try {
            results_.add(line);
        } catch (const wfc::StreamFailed& broken) {
            lost(broken);
        }
    }
    void write_out() {
        try {
            results_.flush();
        } catch (const wfc::StreamFailed& broken) {
            lost(broken);
        }
    }
    void lost(const wfc::StreamFailed& broken) {
        if (!stopped_) stop(Failure(Stage::host, "host.files", broken.what()).facts());
    }

    void tell(bool last) {
        const std::uint64_t now = now_ms();
        if (!last && now - told_ms_ < tell_every_ms) return;
        told_ms_ = now;
        if (!last) write_out();
        const std::uint64_t spent_ms = std::max<std::uint64_t>(now - invocation_.begun_ms, 1);
        char rate[32];
        std::snprintf(rate, sizeof rate, "%.1f",
                      static_cast<double>(tally_.done()) * 1000.0 / static_cast<double>(spent_ms));
        std::string event = "{\"done\":" + std::to_string(tally_.done()) +
                            ",\"failed\":" + std::to_string(tally_.not_well()) + ",\"rate\":" + rate;
        const std::uint64_t size = lines_.size().value_or(0);
        if (octets_ > 0 && size > octets_ && !stopped_)
            event += ",\"left_ms\":" +
                     std::to_string(static_cast<std::uint64_t>(static_cast<double>(spent_ms) *
                                                               static_cast<double>(size - octets_) /
                                                               static_cast<double>(octets_)));
        invocation_.call.progress(event + "}");
    }

    Verdict verdict() const {
        const bool cut = !whole_ || tally_.of(RowFate::not_attempted) > 0;
        if (cut && stopped_ && invocation_.call.cancelled()) return Verdict::cancelled;
        return tally_.verdict();
    }

    wfc_status finish() {
        const Verdict verdict = this->verdict();
        Json batch = tally_.document();
        batch["read_to_end"] = whole_;
        if (results_.offered()) batch["results"] = input_.results;
        Json out{{"format", 1}, {"outcome", to_string(verdict)}, {"batch", std::move(batch)}};
        if (const Error* const error = tally_.error(); error != nullptr && verdict != Verdict::accepted)
            out["error"] = to_json(*error);
        out["timing_ms"] = {{"total", now_ms() - invocation_.begun_ms}};
        out["warnings"] = tally_.warnings();
        invocation_.host.log().write(
            verdict == Verdict::accepted ? wfc::Level::info : wfc::Level::warning, "batch.finished",
            Json{{"outcome", to_string(verdict)}, {"rows", tally_.total()}, {"not_well", tally_.not_well()}}
                .dump());
        hand_over(invocation_, out.dump(-1, ' ', false, Json::error_handler_t::replace));
        return verdict == Verdict::failed ? status_of_failure() : status_of(verdict);
    }

    /// Nothing was tried where the settings, or what is said of all rows, cannot be used.
    wfc_status status_of_failure() const {
        if (!tally_.ended_by()) return WFC_FAILED;
        const Stage stage = tally_.ended_by()->facts.stage;
        if (stage == Stage::settings) return WFC_INVALID_SETTINGS;
        return stage == Stage::input ? WFC_INVALID_INPUT : WFC_FAILED;
    }

    Invocation& invocation_;
    BatchInput input_;
    BatchLines lines_;
    BatchResults results_;
    BatchDesk desk_{};
    BatchRows rows_;
    BatchTally tally_{};
    std::uint64_t octets_ = 0;  ///< of rows that are done
    std::uint64_t told_ms_ = 0;
    bool reading_ = true;
    bool counting_ = false;
    bool stopped_ = false;
    bool whole_ = true;
};

}  // namespace

wfc_status send_batch(Invocation& invocation) {
    return Batch(invocation, parse_batch_input(invocation.call.input())).run();
}

}  // namespace mailsend
