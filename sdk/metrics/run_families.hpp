/// The series of flows and their runs. Internal to the counters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <prometheus/registry.h>
#include <string>
#include <string_view>

namespace wfc::metrics {

/// Any thread. Everything throws std::bad_alloc. Flows and components are those of the flow files: as many
/// as a person wrote down.
class RunFamilies {
  public:
    /// `registry` outlives this.
    explicit RunFamilies(prometheus::Registry& registry);

    void know(const std::string& flow);
    void ended(const std::string& flow, std::string_view outcome, std::int64_t at_unix_ms,
               std::int64_t took_ms);
    void missed(const std::string& flow, std::size_t count);
    void skipped(const std::string& flow, std::size_t count);
    void cut(const std::string& flow);
    void next(const std::string& flow, std::optional<std::int64_t> at_unix_ms);
    void warned(const std::string& flow, const std::string& component);
    void trouble(const std::string& flow);

  private:
    using Counted = prometheus::Family<prometheus::Counter>&;
    using Measured = prometheus::Family<prometheus::Gauge>&;
    Counted runs_, missed_, skipped_, cut_, warnings_, troubles_;
    prometheus::Family<prometheus::Histogram>& seconds_;
    Measured next_, last_;
};

}  // namespace wfc::metrics
