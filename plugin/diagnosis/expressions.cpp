#include "diagnosis/expressions.hpp"

#include <algorithm>
#include <hs_runtime.h>

namespace mailsend::diagnosis {
namespace {

/// More are freed at once: a crowd of threads once is no reason to keep memory for ever.
constexpr std::size_t most_idle = 4;

}  // namespace

Expressions::Expressions(std::string_view database, std::size_t count) : count_(count) {
    idle_.reserve(most_idle);
    if (count == 0 || ::hs_valid_platform() != HS_SUCCESS) return;
    // A Hyperscan of another version, or no memory: what needs no expression is still known.
    if (::hs_deserialize_database(database.data(), database.size(), &database_) != HS_SUCCESS)
        database_ = nullptr;
}

Expressions::~Expressions() {
    for (hs_scratch* scratch : idle_) ::hs_free_scratch(scratch);
    if (database_ != nullptr) ::hs_free_database(database_);
}

hs_scratch* Expressions::lend() const noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            hs_scratch* scratch = idle_.back();
            idle_.pop_back();
            return scratch;
        }
    }
    hs_scratch* fresh = nullptr;
    return ::hs_alloc_scratch(database_, &fresh) == HS_SUCCESS ? fresh : nullptr;
}

void Expressions::take_back(hs_scratch* scratch) const noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < most_idle) {
            idle_.push_back(scratch);  // the room is reserved
            return;
        }
    }
    ::hs_free_scratch(scratch);
}

Shown Expressions::shown_by(std::string_view text) const {
    Shown shown(count_);
    if (database_ == nullptr || text.empty()) return shown;
    hs_scratch* scratch = lend();
    if (scratch == nullptr) return shown;
    const auto remember = [](unsigned number, unsigned long long, unsigned long long, unsigned,
                             void* into) noexcept {
        static_cast<Shown*>(into)->add(number);
        return 0;
    };
    // Whoever calls bounds the text, far below what an unsigned takes.
    const std::size_t size = std::min<std::size_t>(text.size(), 1u << 20);
    ::hs_scan(database_, text.data(), static_cast<unsigned>(size), 0, scratch, remember, &shown);
    take_back(scratch);
    return shown;
}

}  // namespace mailsend::diagnosis
