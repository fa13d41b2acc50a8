#include "operations/stage_report.hpp"

#include <nlohmann/json.hpp>

#include "outcome/document.hpp"

namespace mailsend {
namespace {

using nlohmann::ordered_json;

ordered_json row(Stage stage, const char* verdict, std::uint64_t timing_ms, const std::string& text) {
    return {{"stage", to_string(stage)}, {"verdict", verdict}, {"timing_ms", timing_ms}, {"text", text}};
}

}  // namespace

std::vector<Stage> stages_of_connection(smtp::Protection protection) {
    switch (protection) {
        case smtp::Protection::implicit_tls:
            return {Stage::resolve, Stage::connect, Stage::tls, Stage::greeting, Stage::ehlo, Stage::auth};
        case smtp::Protection::starttls:
            return {Stage::resolve,  Stage::connect, Stage::greeting, Stage::ehlo,
                    Stage::starttls, Stage::tls,     Stage::auth};
        default:
            return {Stage::resolve, Stage::connect, Stage::greeting, Stage::ehlo, Stage::auth};
    }
}

ordered_json stage_report(const std::vector<Stage>& stages, const Attempt& attempt,
                          const std::optional<Error>& error, const std::function<std::string(Stage)>& fact) {
    ordered_json report = ordered_json::array();
    for (const Stage stage : stages) {
        const auto spent = attempt.timing_ms.find(std::string(to_string(stage)));
        const bool entered = spent != attempt.timing_ms.end();
        if (error && error->facts.stage == stage) {
            ordered_json last = row(stage, "failed", entered ? spent->second : 0, message_of(error->facts));
            last["error"] = to_json(*error);
            report.push_back(std::move(last));
        } else if (entered) {
            report.push_back(row(stage, "ok", spent->second, fact(stage)));
        } else {
            report.push_back(row(stage, "skipped", 0, ""));
        }
    }
    return report;
}

}  // namespace mailsend
