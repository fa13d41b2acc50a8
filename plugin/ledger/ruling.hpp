/// What follows from a record for a call that comes with the same key.
///
/// Guarantees: a pure function of the record, the call's content and whether the record's owner is alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "ledger/record.hpp"
#include "message/send_terms.hpp"
#include "wfc/host.hpp"

namespace mailsend::ledger {

/// After so long without a sign of life an owner is dead.
inline constexpr std::uint64_t lease_ms = 30'000;

/// What a call brings.
struct Content {
    std::string draft_digest;
    std::size_t recipients = 0;
    std::string message_id;  ///< with angle brackets
};

struct Ruling {
    enum class Course {
        take,    ///< put `next` there: the message is this call's to send
        answer,  ///< everything is known: nothing to send
        mark,    ///< as answer, once `next` stands there
        wait,    ///< somebody is at work
        refuse   ///< the key belongs to another message
    };
    Course course = Course::refuse;
    Record next{};  ///< for take: without owner and time
};

/// A record of nothing yet.
Record blank(const Content& content);

/// `alive`: whether the record's owner may still be at work.
Ruling ruling(const Record& there, const Content& content, OnUnknown on_unknown, bool alive);

/// Tells the living from the dead. One thread, one record.
class Watch {
  public:
    explicit Watch(wfc::Clock clock) : clock_(clock) {}
    /// Asked at every look. Where the record's time lies in the future (the clock was set back) its owner is
    /// dead when no new version came for lease_ms of the monotonic clock.
    bool alive(const Record& record, std::uint64_t version);
    /// Milliseconds until the owner of that record would be dead if it gave no further sign.
    std::uint64_t left_ms(const Record& record) const;

  private:
    wfc::Clock clock_;
    std::uint64_t version_ = 0;
    std::uint64_t since_ms_ = 0;  ///< when that version was first seen, monotonic
};

}  // namespace mailsend::ledger
