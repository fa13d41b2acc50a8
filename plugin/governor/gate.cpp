#include "governor/gate.hpp"

namespace mailsend::governor {

Gate::Answer Gate::ask(const wfc::Host& host, const Limits& limits, std::size_t recipients,
                       const net::Patience& patience) {
    Answer answer;
    const auto in_advance = [&] {
        const auto counted = advance_.take(limits, recipients, host.clock().monotonic_ms());
        if (counted) answer = {{}, *counted};
        return counted.has_value();
    };
    if (in_advance()) return answer;
    Leave unused, more;
    KeptWindows::Change change;
    change.settled = [&] {
        if (in_advance()) return true;
        unused = advance_.withdraw();
        return false;
    };
    change.apply = [&](WindowRecord& record, const KeptWindows::Now& now) {
        if (!now.certain) unused = {};
        give_back(record, unused);
        more = {};
        answer.admission = asked(record, now.time_ms, limits, recipients);
        if (!answer.admission.granted()) return !unused.none();
        record.count(now.time_ms, recipients);
        answer.counted = {now.time_ms, host.clock().monotonic_ms(), recipients};
        more = taken_in_advance(record, now.time_ms, limits, recipients, advance_.others());
        more.counted.monotonic_ms = answer.counted.monotonic_ms;
        return true;
    };
    change.stored = [&] { advance_.put(more); };
    windows_.change(host, patience, change);
    return answer;
}

void Gate::leave(const wfc::Host& host) noexcept {
    if (!advance_.leave()) return;
    Leave unused;
    const auto settled = [&] {
        unused = advance_.withdraw();
        return unused.none();
    };
    const auto apply = [&](WindowRecord& record, const KeptWindows::Now& now) {
        if (!now.certain) return false;
        give_back(record, unused);
        return true;
    };
    windows_.change_briefly(host, {settled, apply, [] {}});
}

}  // namespace mailsend::governor
