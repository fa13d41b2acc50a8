#include "diagnosis/compiler/expression_set.hpp"

#include <cstdlib>
#include <hs_compile.h>
#include <hs_runtime.h>
#include <memory>
#include <stdexcept>

#include "diagnosis/layout.hpp"

namespace mailsend::diagnosis::compiler {
namespace {

using Database = std::unique_ptr<hs_database_t, decltype(&::hs_free_database)>;
using Fault = std::unique_ptr<hs_compile_error_t, decltype(&::hs_free_compile_error)>;

}  // namespace

std::uint16_t ExpressionSet::number_of(const std::string& pattern, const std::string& owner) {
    if (patterns_.size() == layout::none) throw std::runtime_error("there are too many expressions");
    const auto [found, fresh] = numbers_.emplace(pattern, static_cast<std::uint16_t>(patterns_.size()));
    if (fresh) {
        patterns_.push_back(pattern);
        owners_.push_back(owner);
    }
    return found->second;
}

std::string ExpressionSet::database() const {
    if (patterns_.empty()) return {};
    constexpr unsigned flags = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH | HS_FLAG_DOTALL;
    std::vector<const char*> texts;
    std::vector<unsigned> all_flags;
    std::vector<unsigned> numbers;
    for (const std::string& pattern : patterns_) {
        texts.push_back(pattern.c_str());
        all_flags.push_back(flags);
        numbers.push_back(static_cast<unsigned>(numbers.size()));
    }
    // The machine that builds is not the one that runs: no instructions beyond what every one has.
    const hs_platform_info_t any_machine{HS_TUNE_FAMILY_GENERIC, 0, 0, 0};
    hs_database_t* made = nullptr;
    hs_compile_error_t* refused = nullptr;
    const hs_error_t result =
        ::hs_compile_multi(texts.data(), all_flags.data(), numbers.data(),
                           static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, &any_machine, &made, &refused);
    const Database database(made, &::hs_free_database);
    const Fault fault(refused, &::hs_free_compile_error);
    if (result != HS_SUCCESS) {
        const std::string why = fault && fault->message != nullptr ? fault->message : "no reason given";
        if (!fault || fault->expression < 0)
            throw std::runtime_error("the expressions do not compile: " + why);
        const auto at = static_cast<std::size_t>(fault->expression);
        throw std::runtime_error(owners_[at] + ": the expression \"" + patterns_[at] +
                                 "\" does not compile: " + why);
    }
    char* bytes = nullptr;
    std::size_t size = 0;
    if (::hs_serialize_database(database.get(), &bytes, &size) != HS_SUCCESS)
        throw std::runtime_error("the expressions cannot be written down");
    const std::unique_ptr<char, decltype(&std::free)> owned(bytes, &std::free);
    return {bytes, size};
}

}  // namespace mailsend::diagnosis::compiler
