#include "operations/settings_rules.hpp"

namespace mailsend {
namespace {

/// The name, or the literal, by which every machine calls itself.
bool is_of_loopback(std::string_view name) {
    return name == "localhost" || name.ends_with(".localhost") || name.ends_with(".localdomain") ||
           name.starts_with("[127.") || name == "[::1]" || name == "[IPv6:::1]" || name == "[ipv6:::1]";
}

void judge_ehlo_name(const std::string& name, ProblemList& problems) {
    if (is_of_loopback(name)) {
        problems.warn("/network/ehlo_name",
                      {"Servers take a client that calls itself \"{0}\" for a sender of spam. "
                       "Write this machine's name in the DNS, or leave it out.",
                       "「{0}」と名乗るクライアントは迷惑メールの送信元と見なされます。"
                       "DNSにあるこのマシンの名前にするか、この項目を外してください。"},
                      {name});
    } else if (!name.empty() && name.front() != '[' && name.find('.') == std::string::npos) {
        problems.warn("/network/ehlo_name",
                      {"\"{0}\" has no domain; strict servers refuse such a name. Write it in full.",
                       "「{0}」にドメインがありません。厳格なサーバーは拒否します。"
                       "完全な名前にしてください。"},
                      {name});
    }
}

/// `deadline` bounds the sending as a whole, so a longer time for one step of it does nothing.
void judge_times(const Settings& settings, ProblemList& problems) {
    const Timeouts& times = settings.timeouts;
    const Timeouts defaults;
    struct Time {
        const char* pointer;
        std::chrono::milliseconds limit;
        std::chrono::milliseconds unwritten;
    };
    // A value that nobody wrote is no mistake, though it be longer than the deadline: data's default is, so
    // that a long deadline is all that a large message needs.
    const Time each[] = {{"/timeouts/connect", times.connect, defaults.connect},
                         {"/timeouts/greeting", times.greeting, defaults.greeting},
                         {"/timeouts/command", times.command, defaults.command},
                         {"/timeouts/data", times.data, defaults.data}};
    for (const Time& time : each) {
        if (time.limit == time.unwritten || time.limit <= settings.delivery.deadline) continue;
        problems.warn(time.pointer, {"It never runs out: delivery.deadline ends the whole sending before. "
                                     "Write a shorter time, or a longer delivery.deadline.",
                                     "delivery.deadlineが先に切れるため、この時間に達することはありません。"
                                     "この時間を短くするか、delivery.deadlineを長くしてください。"});
    }
}

}  // namespace

void judge_network(const Examined& examined, ProblemList& problems) {
    judge_ehlo_name(examined.settings.network.ehlo_name, problems);
    judge_times(examined.settings, problems);
}

}  // namespace mailsend
