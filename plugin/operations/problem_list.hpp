/// Problems of settings, gathered in one language.
///
/// Guarantees: what stands in for a mark is never searched for marks itself.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "operations/settings_problems.hpp"

namespace mailsend {

/// The same in both languages of this version.
struct Words {
    Words(const char* both) : en(both), ja(both) {}
    Words(const std::string& both) : en(both), ja(both) {}
    Words(std::string english, std::string japanese) : en(std::move(english)), ja(std::move(japanese)) {}

    std::string en;
    std::string ja;
};

class ProblemList {
  public:
    explicit ProblemList(Language language) noexcept : language_(language) {}

    /// `sentence` holds {0}, {1}, …, for which `values` stand in.
    void error(const char* pointer, const Words& sentence, std::initializer_list<Words> values = {});
    void warn(const char* pointer, const Words& sentence, std::initializer_list<Words> values = {});

    /// Errors first, otherwise in the order they were found; the list is empty then.
    std::vector<SettingsProblem> take();

  private:
    void add(Severity severity, const char* pointer, const Words& sentence,
             std::initializer_list<Words> values);

    Language language_;
    std::vector<SettingsProblem> problems_;
};

}  // namespace mailsend
