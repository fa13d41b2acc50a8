/// The counters of `wfc run --metrics`, and the port where they are read.
///
/// Guarantees: what happens to flows is passed on as it is, whatever becomes of counting; listens before the
/// first run begins, until this ends.
#pragma once

#include <string>

#include "flow/events.hpp"
#include "flow/flow_file.hpp"
#include "metrics/counters.hpp"
#include "metrics/endpoint.hpp"

namespace wfc::tool {

/// Any thread.
class RunMetrics final : public flow::Events {
  public:
    /// `address`: as on the command line. `next` gets all events and outlives this. Throws Stop(64) where
    /// it is no address, Stop(66) where it cannot be listened at.
    RunMetrics(const std::string& address, flow::Events& next);

    /// Before its first run.
    void know(const flow::Flow& flow);
    void happened(const flow::Event& event) override;
    metrics::Counters& counters() noexcept { return counters_; }
    const metrics::Endpoint& endpoint() const noexcept { return endpoint_; }

  private:
    void count(const flow::Event& event) noexcept;

    flow::Events& next_;
    metrics::Counters counters_;
    metrics::Endpoint endpoint_;
};

}  // namespace wfc::tool
