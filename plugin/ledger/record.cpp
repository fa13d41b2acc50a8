#include "ledger/record.hpp"

#include <algorithm>

#include "outcome/document.hpp"

namespace mailsend::ledger {

namespace {

constexpr std::size_t longest_reply = 4096, most_lines = 32;

}  // namespace

std::size_t count(const Record& record, Standing standing) noexcept {
    return static_cast<std::size_t>(std::count(record.standings.begin(), record.standings.end(), standing));
}

bool at_work(const Record& record) noexcept {
    return record.phase == Phase::claimed || record.phase == Phase::ending;
}

Phase result_of(const Record& record) noexcept {
    if (count(record, Standing::unknown) > 0) return Phase::unknown;
    const std::size_t sent = count(record, Standing::sent);
    if (sent == record.standings.size()) return Phase::sent;
    return sent > 0 ? Phase::partial : Phase::failed;
}

void recount(Record& record) noexcept {
    if (!at_work(record)) {
        record.phase = result_of(record);
    } else if (count(record, Standing::handed_over) == 0) {
        record.phase = Phase::claimed;
    }
}

void give_up_waiting(Record& record) noexcept {
    std::replace(record.standings.begin(), record.standings.end(), Standing::handed_over, Standing::unknown);
}

std::uint64_t ttl_ms(const Record& record, std::uint64_t retention_ms) noexcept {
    const bool undecided = count(record, Standing::unknown) > 0 || count(record, Standing::handed_over) > 0;
    return undecided ? 0 : std::max<std::uint64_t>(retention_ms, 1);
}

Reply kept(const Reply& reply) {
    Reply out;
    out.code = reply.code;
    std::size_t room = longest_reply;
    for (const std::string& line : reply.lines) {
        if (room == 0 || out.lines.size() == most_lines) break;
        out.lines.push_back(printable(line, room));
        room -= out.lines.back().size();
    }
    return out;
}

}  // namespace mailsend::ledger
