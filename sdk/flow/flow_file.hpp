/// Flow files: which operations run, when, and what follows which outcome.
///
/// Guarantees: a flow that was read is whole: every step that a route names stands in it, no route leads in a
/// circle, its schedule occurs in its zone. Reads the flow file and the zone's: settings and components are
/// looked at by who runs it.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/cron.hpp"

namespace wfc::flow {

enum class OnMissed { skip, run_once };
enum class Overlap { skip, queue };

/// What follows an outcome: go on with the next step (after a line in the log), end, or another step.
struct Route {
    enum class Kind { log, stop, step };
    Kind kind = Kind::stop;
    std::size_t step = 0;  ///< index into Flow::steps, for Kind::step
};

struct Step {
    std::string id;
    std::string component;  ///< its type
    std::string operation;
    std::filesystem::path settings;  ///< absolute; empty: {}
    /// The JSON object of the file, written anew (members sorted, fractions as doubles); "{}" without. No
    /// integer in it is changed: one of more than 64 bits is refused.
    std::string input;
    std::map<std::string, Route> on;  ///< by outcome, and "warning"; the flow's own `on` is merged in beneath
    bool only_by_route = false;       ///< named in an `on`: never runs in the order of the file
    std::chrono::milliseconds limit{0};  ///< of one call; 0: the component's own. Not of the file
};

struct Flow {
    std::filesystem::path file;  ///< absolute
    std::string id;
    std::optional<Cron> cron;                        ///< exactly one of `cron` and `every`
    std::optional<std::chrono::milliseconds> every;  ///< at least a second
    Zone zone;  ///< the machine's where the file names none; with `every`, UTC where that cannot be had
    OnMissed on_missed = OnMissed::skip;
    Overlap overlap = Overlap::skip;
    std::vector<Step> steps;
    std::map<std::string, Route> on;  ///< the flow's own, which stands beneath those of its steps
};

/// The file cannot be used. `what()` is a sentence that names file and member; `pointer()` is RFC 6901.
class FlowInvalid : public std::runtime_error {
  public:
    FlowInvalid(std::string pointer, const std::string& sentence)
        : std::runtime_error(sentence), pointer_(std::move(pointer)) {}
    const std::string& pointer() const noexcept { return pointer_; }

  private:
    std::string pointer_;
};

/// Parses the text of `file`, whose folder paths in it are relative to. Throws FlowInvalid.
///
/// The flow's own `on` stands beneath that of each step. A step that the flow's own `on` names inherits no
/// route to a step from it, only "log" and "stop": so that steps which report do not report on one another.
/// `cancelled` goes where `failed` goes unless one of the two names it. Ids begin with a letter or a digit.
Flow parse_flow(const std::filesystem::path& file, std::string_view json);

}  // namespace wfc::flow
