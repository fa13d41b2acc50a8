/// A world for runners of flows: its clock is turned by hand, its processes die on demand.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "flow/runner.hpp"

namespace wfc::flow::test {

/// What kill -9 is to a runner: nothing after it is done. Not a std::exception, which a runner would survive.
struct Killed {};

/// Unix milliseconds of "2026-11-23T09:00:00Z".
std::int64_t utc(const char* text);
constexpr std::int64_t second = 1000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

class HandClock final : public Clock {
  public:
    Now now() override { return now_; }
    bool wait_until(Scale scale, std::int64_t ms) override;
    bool stopping() override { return stopped_; }

    void set(std::int64_t wall_ms) { now_.wall_ms = wall_ms; }
    void pass(std::int64_t ms);
    void boot(const std::string& name);
    /// After that long: something happens, in whatever is going on.
    void after(std::int64_t ms, std::function<void()> happens) {
        events_.emplace(now_.steady_ms + ms, std::move(happens));
    }
    void stop() { stopped_ = true; }
    void start() { stopped_ = false; }

  private:
    Now now_{0, 1'000'000, "boot 1"};
    std::multimap<std::int64_t, std::function<void()>> events_;
    bool stopped_ = false;
};

class MemoryRecords final : public Records {
  public:
    wfc_status get(std::string_view key, StateValue& into) override;
    wfc_status put(std::string_view key, std::string_view bytes, std::uint64_t expected_version,
                   std::uint64_t ttl_ms, std::uint64_t& new_version) override;
    wfc_status erase(std::string_view key, std::uint64_t expected_version) override;
    wfc_status list(std::string_view prefix, std::string_view after, std::vector<std::string>& keys) override;
    std::string name() override { return "the state store /s"; }
    std::string unsound() override { return replaced; }

    std::map<std::string, StateValue, std::less<>> values;
    std::map<std::string, std::uint64_t, std::less<>> ttl;
    wfc_status trouble = WFC_OK;  ///< of every call
    std::string replaced;
    std::function<void(const std::string& key)> written;        ///< after each write
    std::function<wfc_status(const std::string& key)> refuses;  ///< before each write
};

class Processes final : public Owners {
  public:
    std::string self() override { return current; }
    bool alive(std::string_view owner) override { return living.count(std::string(owner)) != 0; }
    std::string current = "a";
    std::set<std::string> living{"a"};
};

class ScriptedSteps final : public Steps {
  public:
    struct Call {
        std::string id, payload;
    };
    StepResult run(const Flow& flow, const Step& step, const std::string& call_id, const std::string& payload,
                   const std::function<bool()>& begin) override;
    std::vector<Step> checks(const Flow&) override { return accounts; }
    std::vector<std::string> ids() const;
    /// Ids of the calls that hold `part`.
    std::vector<std::string> ids(const std::string& part) const;

    std::vector<Step> accounts;  ///< that can be asked
    std::vector<Call> calls;
    std::map<std::string, StepResult> results;                  ///< by step; else accepted
    std::function<void()> waits;                                ///< before a step begins
    std::function<void(const std::string& call_id)> meanwhile;  ///< while a step runs
};

class Diary final : public Events {
  public:
    void happened(const Event& event) override { all.push_back(event); }
    std::vector<Event> of(Event::Kind kind) const;
    /// The scheduled times, "2026-11-23T00:00:00Z", of the events of one kind.
    std::vector<std::string> times(Event::Kind kind) const;
    std::vector<Event> all;
};

struct World {
    HandClock clock;
    MemoryRecords records;
    Processes processes;
    ScriptedSteps steps;
    Diary diary;

    Surroundings around() { return {clock, records, processes, steps, diary}; }
    /// Runs until `ms` from now, or until it is killed (false).
    bool run(const Flow& flow, std::int64_t ms);
    /// The process that runs dies; the next one is called so.
    void next_process(const std::string& name);
};

/// A flow from members of its file; `more`: of the flow, `steps`: the list.
Flow flow(const std::string& schedule, const std::string& more = "",
          const std::string& steps = R"([{"id":"mail","component":"c","operation":"o"}])");

}  // namespace wfc::flow::test
