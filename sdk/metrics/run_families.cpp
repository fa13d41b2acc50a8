#include "metrics/run_families.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "metrics/known_names.hpp"

namespace wfc::metrics {

namespace {

const prometheus::Histogram::BucketBoundaries run_seconds = {0.1, 0.5, 1,   2.5,  5,    10,
                                                             30,  60,  300, 1800, 3600, 14400};

prometheus::Family<prometheus::Counter>& counter(prometheus::Registry& registry, const char* name,
                                                 const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Gauge>& gauge(prometheus::Registry& registry, const char* name,
                                             const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

double seconds(std::int64_t ms) {
    return static_cast<double>(ms) / 1000;
}

}  // namespace

RunFamilies::RunFamilies(prometheus::Registry& registry)
    : runs_(
          counter(registry, "wfc_runs_total", "Runs of flows that ended, by the outcome of the last step.")),
      missed_(counter(registry, "wfc_runs_missed_total", "Scheduled times that had passed unnoticed.")),
      skipped_(counter(registry, "wfc_runs_skipped_total", "Scheduled times that were not run.")),
      cut_(counter(registry, "wfc_runs_cut_total", "Runs whose process was gone in the middle of them.")),
      warnings_(counter(registry, "wfc_account_warnings_total", "Warnings about accounts.")),
      troubles_(counter(registry, "wfc_troubles_total", "Troubles that a person should look at.")),
      seconds_(prometheus::BuildHistogram()
                   .Name("wfc_run_seconds")
                   .Help("How long runs took.")
                   .Register(registry)),
      next_(gauge(registry, "wfc_next_run_timestamp_seconds", "When the flow runs next.")),
      last_(gauge(registry, "wfc_last_run_timestamp_seconds",
                  "When the last run that ended with the outcome did so.")) {}

void RunFamilies::know(const std::string& flow) {
    for (prometheus::Family<prometheus::Counter>* family : {&missed_, &skipped_, &cut_, &troubles_}) {
        family->Add({{"flow", flow}});
    }
    for (const std::string_view outcome : outcomes) {
        runs_.Add({{"flow", flow}, {"outcome", std::string(outcome)}});
    }
    runs_.Add({{"flow", flow}, {"outcome", stopped}});
    seconds_.Add({{"flow", flow}}, run_seconds);
}

void RunFamilies::ended(const std::string& flow, std::string_view outcome, std::int64_t at_unix_ms,
                        std::int64_t took_ms) {
    const prometheus::Labels labels = {{"flow", flow}, {"outcome", known_outcome(outcome)}};
    runs_.Add(labels).Increment();
    last_.Add(labels).Set(seconds(at_unix_ms));
    seconds_.Add({{"flow", flow}}, run_seconds).Observe(seconds(took_ms));
}

void RunFamilies::missed(const std::string& flow, std::size_t count) {
    missed_.Add({{"flow", flow}}).Increment(static_cast<double>(count));
}

void RunFamilies::skipped(const std::string& flow, std::size_t count) {
    skipped_.Add({{"flow", flow}}).Increment(static_cast<double>(count));
}

void RunFamilies::cut(const std::string& flow) {
    cut_.Add({{"flow", flow}}).Increment();
}

void RunFamilies::next(const std::string& flow, std::optional<std::int64_t> at_unix_ms) {
    prometheus::Gauge& gauge = next_.Add({{"flow", flow}});
    if (at_unix_ms) {
        gauge.Set(seconds(*at_unix_ms));
    } else {
        next_.Remove(&gauge);
    }
}

void RunFamilies::warned(const std::string& flow, const std::string& component) {
    warnings_.Add({{"flow", flow}, {"component", component}}).Increment();
}

void RunFamilies::trouble(const std::string& flow) {
    troubles_.Add({{"flow", flow}}).Increment();
}

}  // namespace wfc::metrics
