#include "metrics/call_families.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>

#include "metrics/result_figures.hpp"

namespace wfc::metrics {

namespace {

/// A call may be a look at a cache or wait for a slow peer until its deadline.
const prometheus::Histogram::BucketBoundaries call_seconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                                              2.5,   5,    10,    30,   60,  120,  300, 600};

prometheus::Family<prometheus::Counter>& counter(prometheus::Registry& registry, const char* name,
                                                 const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

CallFamilies::CallFamilies(prometheus::Registry& registry)
    : invocations_(counter(registry, "wfc_invocations_total", "Calls that ended, by outcome.")),
      seconds_(prometheus::BuildHistogram()
                   .Name("wfc_invocation_seconds")
                   .Help("How long components took for their calls.")
                   .Register(registry)),
      errors_(counter(registry, "wfc_errors_total", "Calls that ended with an error, by its id.")),
      duplicates_(counter(registry, "wfc_duplicates_total",
                          "Calls that did nothing because it had been done before.")),
      waits_(counter(registry, "wfc_wait_seconds_total", "What calls spent on other things than attempts.")),
      attempts_(counter(registry, "wfc_attempts_total", "Attempts that calls made.")),
      stages_(counter(registry, "wfc_stage_seconds_total", "How long the stages of attempts took.")),
      bytes_(counter(registry, "wfc_bytes_total", "Bytes that attempts moved.")) {}

void CallFamilies::know(const std::string& component, const std::string& operation) {
    for (const std::string_view outcome : outcomes) {
        invocations_.Add(
            {{"component", component}, {"operation", operation}, {"outcome", std::string(outcome)}});
    }
    duplicates_.Add({{"component", component}});
    seconds_.Add({{"component", component}, {"operation", operation}}, call_seconds);
}

void CallFamilies::count(const Invocation& call) {
    const ResultFigures figures = read_figures(call.document);
    const std::string component(call.component), operation(call.operation);
    const auto add = [&component](Counted family, prometheus::Labels labels, double by = 1) {
        labels.emplace("component", component);
        family.Add(labels).Increment(by);
    };
    add(invocations_, {{"operation", operation}, {"outcome", known_outcome(figures.outcome)}});
    if (call.took) {
        seconds_.Add({{"component", component}, {"operation", operation}}, call_seconds)
            .Observe(std::chrono::duration<double>(*call.took).count());
    }
    if (!figures.error_id.empty() || !figures.error_class.empty()) {
        add(errors_,
            {{"id", error_names_.take(figures.error_id)}, {"class", class_names_.take(figures.error_class)}});
    }
    if (figures.duplicate) add(duplicates_, {});
    for (const auto& [name, seconds] : figures.waited) {
        add(waits_, {{"kind", wait_names_.take(name)}}, seconds);
    }
    for (const bool reused : {false, true}) {
        for (const bool failed : {false, true}) {
            const std::size_t count = figures.attempts[reused ? 1 : 0][failed ? 1 : 0];
            if (count == 0) continue;
            add(attempts_,
                {{"reused", reused ? "true" : "false"}, {"outcome", failed ? "failed" : "succeeded"}},
                static_cast<double>(count));
        }
    }
    for (const auto& [name, seconds] : figures.stages) {
        add(stages_, {{"stage", stage_names_.take(name)}}, seconds);
    }
    if (figures.bytes_sent > 0) add(bytes_, {{"direction", "sent"}}, figures.bytes_sent);
    if (figures.bytes_received > 0) add(bytes_, {{"direction", "received"}}, figures.bytes_received);
}

}  // namespace wfc::metrics
