#include "tool/run_metrics.hpp"

#include <stdexcept>
#include <system_error>

#include "host/component_host.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

metrics::ListenAddress read_address(const std::string& text) try {
    return metrics::parse_listen_address(text);
} catch (const std::invalid_argument& fault) {
    throw Stop(exit_usage, "--metrics: " + std::string(fault.what()));
}

/// The endpoint, or a sentence why not.
template <class Make>
auto listening(const std::string& address, Make make) try {
    return make();
} catch (const CannotListen& fault) {
    throw Stop(
        exit_unreadable,
        "--metrics " + address +
            (fault.taken() ? ": another program listens there; name another port, or 0 for any that is "
                             "free"
                           : ": this machine has no such address, or this user may not listen there"));
} catch (const std::system_error& fault) {
    throw Stop(exit_unreadable, "--metrics " + address + ": " + fault.what());
}

}  // namespace

RunMetrics::RunMetrics(const std::string& address, flow::Events& next)
    : next_(next), counters_(WFC_TOOL_VERSION), endpoint_(listening(address, [&] {
          return metrics::Endpoint(read_address(address), [this] { return counters_.text(); });
      })) {}

void RunMetrics::know(const flow::Flow& flow) {
    counters_.know_flow(flow.id);
    for (const flow::Step& step : flow.steps) counters_.know_call(step.component, step.operation);
}

void RunMetrics::happened(const flow::Event& event) {
    count(event);
    next_.happened(event);
}

void RunMetrics::count(const flow::Event& event) noexcept {
    using Kind = flow::Event::Kind;
    switch (event.kind) {
        case Kind::next:
            return counters_.next_run(event.flow, event.times.first);
        case Kind::ended:
            return counters_.next_run(event.flow, std::nullopt);
        case Kind::finished:
        case Kind::stopped:
            return counters_.run_ended(event.flow, event.kind == Kind::stopped ? "stopped" : event.outcome,
                                       system_clock_table()->unix_ms(nullptr), event.ms);
        case Kind::missed:
            return counters_.runs_missed(event.flow, event.times.count);
        case Kind::skipped:
            return counters_.runs_skipped(event.flow, event.times.count);
        case Kind::cut:
            return counters_.run_cut(event.flow);
        case Kind::warning:
            return counters_.warned(event.flow, event.component);
        case Kind::trouble:
            return counters_.trouble(event.flow);
        case Kind::started:
        case Kind::run:
        case Kind::step:
            return;
    }
}

}  // namespace wfc::tool
