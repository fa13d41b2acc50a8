/// The series of calls. Internal to the counters.
#pragma once

#include <prometheus/registry.h>

#include "metrics/counters.hpp"
#include "metrics/known_names.hpp"

namespace wfc::metrics {

/// Any thread.
class CallFamilies {
  public:
    /// Most different ids of errors, and names of stages, of waits and of classes of errors.
    static constexpr std::size_t most_errors = 500, most_stages = 100, most_waits = 50, most_classes = 20;

    /// `registry` outlives this. Throws std::bad_alloc.
    explicit CallFamilies(prometheus::Registry& registry);

    /// Throws std::bad_alloc, like the next.
    void know(const std::string& component, const std::string& operation);
    void count(const Invocation& call);

  private:
    using Counted = prometheus::Family<prometheus::Counter>&;
    Counted invocations_;
    prometheus::Family<prometheus::Histogram>& seconds_;
    Counted errors_, duplicates_, waits_, attempts_, stages_, bytes_;
    KnownNames error_names_{most_errors}, class_names_{most_classes}, stage_names_{most_stages},
        wait_names_{most_waits};
};

}  // namespace wfc::metrics
