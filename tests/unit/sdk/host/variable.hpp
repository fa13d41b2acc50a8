/// An environment variable of a test, as before when it ends.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace wfc::test {

class Variable {
  public:
    /// No value: not set.
    Variable(const char* name, const std::optional<std::string>& value) : name_(name) {
        if (const char* old = std::getenv(name)) before_ = old;
        assign(value);
    }
    ~Variable() { assign(before_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    void assign(const std::optional<std::string>& value) {
        if (value) {
            setenv(name_, value->c_str(), 1);
        } else {
            unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> before_;
};

}  // namespace wfc::test
