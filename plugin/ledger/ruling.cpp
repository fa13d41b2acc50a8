#include "ledger/ruling.hpp"

#include <algorithm>

#include "ledger/draft_digest.hpp"

namespace mailsend::ledger {

namespace {

constexpr auto lease = static_cast<std::int64_t>(lease_ms);

bool same_message(const Record& there, const Content& content) {
    return !different_content(there.draft_digest, content.draft_digest) &&
           there.standings.size() == content.recipients;
}

bool untouched(const Record& record) {
    return count(record, Standing::open) == record.standings.size();
}

}  // namespace

Record blank(const Content& content) {
    Record record;
    record.draft_digest = content.draft_digest;
    record.message_id = content.message_id;
    record.standings.assign(content.recipients, Standing::open);
    return record;
}

Ruling ruling(const Record& there, const Content& content, OnUnknown on_unknown, bool alive) {
    using Course = Ruling::Course;
    const bool busy = at_work(there) && alive;
    if (!same_message(there, content)) {
        if (busy || !untouched(there)) return {};
        return {Course::take, blank(content)};
    }
    if (busy) return {Course::wait};
    Record next = there;
    give_up_waiting(next);
    if (next.first_at_unix_ms == 0) next.first_at_unix_ms = there.at_unix_ms;
    const std::size_t to_send =
        count(next, Standing::open) +
        (on_unknown == OnUnknown::resend ? count(next, Standing::unknown) : std::size_t{0});
    if (to_send == 0) {
        if (!at_work(there)) return {Course::answer, std::move(next)};
        next.phase = result_of(next);
        return {Course::mark, std::move(next)};
    }
    next.phase = Phase::claimed;
    if (untouched(next)) {  // whatever was refused then may be mended since
        next.body_digest.clear();
        next.reply.reset();
        next.first_at_unix_ms = 0;
    }
    return {Course::take, std::move(next)};
}

bool Watch::alive(const Record& record, std::uint64_t version) {
    const std::uint64_t now_ms = clock_.monotonic_ms();
    if (version != version_) {
        version_ = version;
        since_ms_ = now_ms;
    }
    const std::int64_t age = clock_.unix_ms() - record.at_unix_ms;
    return age >= 0 ? age <= lease : now_ms - since_ms_ < lease_ms;
}

std::uint64_t Watch::left_ms(const Record& record) const {
    const std::int64_t age = clock_.unix_ms() - record.at_unix_ms;
    if (age >= 0) return static_cast<std::uint64_t>(std::max<std::int64_t>(lease - age, 0));
    const std::uint64_t watched = clock_.monotonic_ms() - since_ms_;
    return watched < lease_ms ? lease_ms - watched : 0;
}

}  // namespace mailsend::ledger
