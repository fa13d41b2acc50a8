/// A state store whose file comes into trouble while it is open.
#pragma once

#include <chrono>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "host/state_store.hpp"
#include "support/scratch.hpp"

namespace wfc::test {

/// What `work` returns in a process of its own: there, closing a file drops no lock of this one.
inline int elsewhere(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

struct StateTrouble : testing::Test {
    static constexpr std::chrono::milliseconds patience{100};

    Scratch scratch;
    std::filesystem::path file = scratch / "state.sqlite";

    static wfc_status put(StateStore& store, const std::string& key, std::uint64_t expected = 0) {
        std::uint64_t version = 77;
        const wfc_status status = store.put("s", key, "value of " + key, expected, 0, version);
        EXPECT_EQ(version == 77, status != WFC_OK);
        return status;
    }
    static wfc_status get(StateStore& store, const std::string& key) {
        StateValue found;
        const wfc_status status = store.get("s", key, found);
        EXPECT_TRUE(status != WFC_OK || found.bytes == "value of " + key) << found.bytes;
        return status;
    }
    /// Writes over the beginning of the file, as another program would.
    void overwrite(const std::string& suffix, const std::string& bytes, off_t at = 0) const {
        const std::string name = file.string() + suffix;
        EXPECT_EQ(elsewhere([&] {
                      const int opened = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
                      return ::pwrite(opened, bytes.data(), bytes.size(), at) == ssize_t(bytes.size()) ? 0
                                                                                                       : 1;
                  }),
                  0);
    }
    /// Why it is no store; empty where it is one.
    static std::string refusal(const std::filesystem::path& file) {
        try {
            StateStore store(file, patience);
            return {};
        } catch (const StateUnusable& unusable) {
            return unusable.what();
        }
    }
    /// Every call says that the store cannot be used now.
    static void expect_unavailable(StateStore& store, std::uint64_t version) {
        StateValue found;
        std::vector<std::string> keys;
        EXPECT_EQ(put(store, "other"), WFC_UNAVAILABLE);
        EXPECT_EQ(put(store, "k", version), WFC_UNAVAILABLE);
        EXPECT_EQ(store.erase("s", "k", version), WFC_UNAVAILABLE);
        EXPECT_EQ(store.get("s", "k", found), WFC_UNAVAILABLE);
        EXPECT_EQ(store.list("s", "", "", keys), WFC_UNAVAILABLE);
    }
};

}  // namespace wfc::test
