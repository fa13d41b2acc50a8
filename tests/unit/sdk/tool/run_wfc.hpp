/// Runs the built `wfc` in a process of its own, with the probe among its components.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/scratch.hpp"

namespace wfc::test {

struct Ended {
    int code = -1;  ///< 1000 + signal when a signal ended it
    std::string out, err;

    nlohmann::json document() const { return nlohmann::json::parse(out); }
};

/// A running `wfc`; killed at the end if it still runs.
class Running {
  public:
    /// `environment`: NAME=VALUE, beside a small fixed one.
    Running(std::vector<std::string> arguments, const std::string& input = "",
            std::vector<std::string> environment = {});
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    int pid() const { return pid_; }
    /// Waits (≤ 10 s) until standard error contains `text`.
    bool says(const std::string& text) const;
    Ended wait();

  private:
    Scratch scratch_;
    int pid_ = -1;
    bool over_ = false;
};

inline Ended run(std::vector<std::string> arguments, const std::string& input = "",
                 std::vector<std::string> environment = {}) {
    return Running(std::move(arguments), input, std::move(environment)).wait();
}

/// `wfc invoke probe OPERATION --input - …`
Ended probe(const std::string& operation, const std::string& input = "{}", std::vector<std::string> more = {},
            std::vector<std::string> environment = {});

}  // namespace wfc::test
