#include "settings_cases.hpp"

namespace {

using namespace test;

TEST(NetworkRules, TellNamesThatServersDistrustAndTimesThatNeverRunOut) {
    expect_said({
        {{network("localhost")}, "warning /network/ehlo_name", "\"localhost\"", "「localhost」と名乗る"},
        {{network("localhost.localdomain")}, "warning /network/ehlo_name", "sender of spam", "迷惑メール"},
        {{network("[127.0.0.1]")}, "warning /network/ehlo_name", "sender of spam", "迷惑メール"},
        {{network("[IPv6:::1]")}, "warning /network/ehlo_name", "sender of spam", "迷惑メール"},
        {{network("build7")}, "warning /network/ehlo_name", "no domain", "ドメインがありません"},
        {{timeout("connect", "6m")},
         "warning /timeouts/connect",
         "longer delivery.deadline",
         "delivery.deadlineを長く"},
        {{timeout("greeting", "6m")}, "warning /timeouts/greeting", "never runs out", "先に切れる"},
        {{timeout("command", "6m")}, "warning /timeouts/command", "never runs out", "先に切れる"},
        {{timeout("data", "6m")}, "warning /timeouts/data", "never runs out", "先に切れる"},
    });
}

}  // namespace
