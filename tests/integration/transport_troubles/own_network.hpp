/// A network for one test: loopback, the routes that the test asks for, and nothing else. What the test opens
/// there can have any port, and routes can refuse.
///
/// Linux, root; elsewhere the test is named as not run.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace test {

/// Runs `work` on a thread that has the network, with routes as "ip route add" takes them ("unreachable
/// 192.0.2.1"). What `work` makes has to end in it; what it throws is thrown here. Returns why it did not
/// run, or nothing.
std::string in_own_network(const std::vector<std::string>& routes, const std::function<void()>& work);

}  // namespace test

// The arguments of in_own_network. tests/run.sh collects such lines and shows them at its end.
#define IN_OWN_NETWORK(...)                                                                    \
    do {                                                                                       \
        const std::string why = test::in_own_network(__VA_ARGS__);                             \
        if (!why.empty()) GTEST_SKIP() << "NOT RUN: cases in a network of their own: " << why; \
    } while (false)
