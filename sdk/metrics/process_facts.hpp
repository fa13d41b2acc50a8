/// The figures of the process that Prometheus' clients agree on (process_cpu_seconds_total and so on), read
/// from /proc each time. Those that cannot be read are left out. Internal to the counters.
#pragma once

#include <prometheus/collectable.h>
#include <vector>

namespace wfc::metrics {

/// Any thread.
class ProcessFacts final : public prometheus::Collectable {
  public:
    std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace wfc::metrics
