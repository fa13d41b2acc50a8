/// What happens to flows, told to whoever shows it.
#pragma once

#include <cstdint>
#include <string>

#include "flow/timetable.hpp"

namespace wfc::flow {

struct Event {
    enum class Kind {
        started,   ///< the flow is on its schedule
        next,      ///< `times`: the next one; `ms`: how long until
        run,       ///< a run begins; `ms`: how late
        step,      ///< `step` ended with `outcome`; `ms`: how long it took
        skipped,   ///< `times` are not run, for `reason`
        missed,    ///< `times` had passed when that was noticed; `reason`: what follows
        cut,       ///< a run whose process is gone; `step`: that which had begun, or empty
        finished,  ///< `outcome`: of the last step; `ms`: how long the run took
        stopped,   ///< as finished, but for the steps that were left
        warning,   ///< `message`: something is wrong with the account of `component` and `settings`
        trouble,   ///< `message`: nothing can be run now, or something else a person should look at
        ended,     ///< the schedule has no time left
    };
    Kind kind = Kind::started;
    std::string flow;
    Times times{};
    std::string step{}, call_id{}, outcome{}, reason{}, message{}, component{}, settings{};
    std::int64_t ms = 0;
};

/// Any thread; in the order in which things happened to one flow.
class Events {
  public:
    Events() = default;
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    virtual ~Events() = default;
    virtual void happened(const Event& event) = 0;
};

}  // namespace wfc::flow
