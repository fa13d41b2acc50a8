#include "metrics/counters.hpp"

#include <prometheus/gauge.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <utility>
#include <vector>

#include "metrics/call_families.hpp"
#include "metrics/process_facts.hpp"
#include "metrics/run_families.hpp"

namespace wfc::metrics {

struct Counters::Parts {
    prometheus::Registry registry{};
    CallFamilies calls{registry};
    RunFamilies runs{registry};
    ProcessFacts process{};
};

namespace {

/// What cannot be counted for want of memory is not: the work counts more.
template <class Work>
void counted(Work work) noexcept {
    try {
        work();
    } catch (...) {
    }
}

}  // namespace

Counters::Counters(std::string_view version) : parts_(std::make_unique<Parts>()) {
    prometheus::BuildGauge()
        .Name("wfc_build_info")
        .Help("Always 1; the version is in the label.")
        .Register(parts_->registry)
        .Add({{"version", std::string(version)}})
        .Set(1);
}

Counters::~Counters() = default;

void Counters::know_call(std::string_view component, std::string_view operation) noexcept {
    counted([&] { parts_->calls.know(std::string(component), std::string(operation)); });
}

void Counters::invoked(const Invocation& call) noexcept {
    counted([&] { parts_->calls.count(call); });
}

void Counters::know_flow(std::string_view flow) noexcept {
    counted([&] { parts_->runs.know(std::string(flow)); });
}

void Counters::run_ended(std::string_view flow, std::string_view outcome, std::int64_t at_unix_ms,
                         std::int64_t took_ms) noexcept {
    counted([&] { parts_->runs.ended(std::string(flow), outcome, at_unix_ms, took_ms); });
}

void Counters::runs_missed(std::string_view flow, std::size_t count) noexcept {
    counted([&] { parts_->runs.missed(std::string(flow), count); });
}

void Counters::runs_skipped(std::string_view flow, std::size_t count) noexcept {
    counted([&] { parts_->runs.skipped(std::string(flow), count); });
}

void Counters::run_cut(std::string_view flow) noexcept {
    counted([&] { parts_->runs.cut(std::string(flow)); });
}

void Counters::next_run(std::string_view flow, std::optional<std::int64_t> at_unix_ms) noexcept {
    counted([&] { parts_->runs.next(std::string(flow), at_unix_ms); });
}

void Counters::warned(std::string_view flow, std::string_view component) noexcept {
    counted([&] { parts_->runs.warned(std::string(flow), std::string(component)); });
}

void Counters::trouble(std::string_view flow) noexcept {
    counted([&] { parts_->runs.trouble(std::string(flow)); });
}

std::string Counters::text() const {
    std::vector<prometheus::MetricFamily> families = parts_->registry.Collect();
    for (prometheus::MetricFamily& family : parts_->process.Collect()) families.push_back(std::move(family));
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace wfc::metrics
