/// What can be recognised, and what is said about it: the compiled catalogue, read where it lies.
///
/// Guarantees: nothing is parsed and no text is copied, views live as long as the bytes; immutable, any
/// thread. That it is whole (every entry has a class, an actor and both languages, every expression compiles)
/// was checked by the compiler (compiler/source.hpp). Does not know how an entry is chosen (matcher.hpp).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diagnosis/expressions.hpp"
#include "diagnosis/layout.hpp"
#include "diagnosis/wording.hpp"
#include "outcome/vocabulary.hpp"

namespace mailsend::diagnosis {

/// Texts of the catalogue, one after the other.
class Texts {
  public:
    Texts() = default;
    Texts(layout::Table<layout::Text> places, const char* pool) noexcept : places_(places), pool_(pool) {}

    std::size_t size() const noexcept { return places_.size(); }
    bool empty() const noexcept { return size() == 0; }
    std::string_view operator[](std::size_t number) const noexcept {
        const layout::Text place = places_[number];
        return {pool_ + place.offset, place.size};
    }

  private:
    layout::Table<layout::Text> places_;
    const char* pool_ = nullptr;
};

/// Text of one language, with places for values.
struct Wording {
    std::string_view title;
    std::string_view cause;
    Texts steps;
};

/// What is said about one failure.
struct Entry {
    std::string_view id;
    std::string_view condition;  ///< empty: it is about replies of servers
    bool looks_closer = false;   ///< demands details or a provider besides
    ErrorClass error_class = ErrorClass::unknown;
    Advice advice = Advice::never;
    std::optional<std::chrono::milliseconds> delay;
    bool penalty = false;  ///< repeating makes it worse
    Actor actor = Actor::nobody;
    std::string_view link;
    std::array<Wording, 2> wordings;  ///< by Language
};

class Catalogue {
  public:
    /// `bytes` as the compiler wrote them; they must outlive this. Throws std::runtime_error for anything
    /// that is not a whole catalogue of this layout.
    explicit Catalogue(std::string_view bytes);
    /// The one inside this library.
    static const Catalogue& embedded();

    std::size_t size() const noexcept { return entries_.size(); }
    /// Of everything, and of the expressions in it.
    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t expression_bytes() const noexcept { return database_source_.size(); }
    Entry entry(std::size_t number) const;
    /// Words of one language.
    Words words(Language language) const;

    // For matching: records, by the numbers that stand in them.
    layout::Entry record(std::size_t number) const noexcept { return entries_[number]; }
    layout::Table<layout::CodeRange> codes(layout::List list) const noexcept { return codes_.part(list); }
    layout::Table<layout::StatusRange> statuses(layout::List list) const noexcept {
        return statuses_.part(list);
    }
    layout::Table<layout::DetailCondition> details(layout::List list) const noexcept {
        return details_.part(list);
    }
    Texts detail_names() const noexcept { return {detail_names_, pool_}; }
    layout::Table<layout::Provider> providers() const noexcept { return providers_; }
    Texts texts(layout::List list) const noexcept { return {texts_.part(list), pool_}; }
    std::string_view text(layout::Text place) const noexcept { return {pool_ + place.offset, place.size}; }
    /// Numbers of the entries that are about `condition`, ascending.
    layout::Table<std::uint16_t> about_condition(std::string_view condition) const noexcept;
    /// Numbers of the entries about replies that a reply with `code` may match, ascending.
    layout::Table<std::uint16_t> about_reply(int code) const noexcept;
    const Expressions& expressions() const noexcept { return expressions_; }

  private:
    struct Checked;
    explicit Catalogue(const Checked& checked);

    layout::Table<layout::Entry> entries_;
    layout::Table<layout::Text> texts_;
    layout::Table<layout::CodeRange> codes_;
    layout::Table<layout::StatusRange> statuses_;
    layout::Table<layout::DetailCondition> details_;
    layout::Table<layout::Provider> providers_;
    layout::Table<layout::Condition> conditions_;
    layout::Table<layout::List> replies_;
    layout::Table<std::uint16_t> candidates_;
    layout::Table<layout::Text> detail_names_;
    std::array<layout::Table<layout::Word>, 2> words_;
    const char* pool_;
    std::size_t bytes_;
    std::string_view database_source_;  ///< the expressions as they were compiled; used once
    Expressions expressions_;
};

}  // namespace mailsend::diagnosis
