/// The compiled catalogue: records of fixed size that are read where they lie.
///
/// Guarantees: no record holds a pointer; numbers are those of the machine that builds, which is of the same
/// kind as the one that runs. The compiler (compiler/) writes it, the catalogue reads it; nobody else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mailsend::diagnosis::layout {

/// What the bytes begin with; another number where the layout is another one.
inline constexpr std::array<char, 8> magic{'e', 'r', 'r', 'o', 'r', 's', '0', '2'};
/// Where a record names no expression or condition.
inline constexpr std::uint16_t none = 0xFFFF;
/// Replies have 200-599; the list after them is for any other code.
inline constexpr int first_code = 200;
inline constexpr int code_count = 400;

/// `count` records of a table, from number `first`. In the header: from byte `first`.
struct List {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

/// A piece of the pool.
struct Text {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

/// "535" is 535-535, "4yz" is 400-499.
struct CodeRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
};

/// "5.7.606-5.7.649"; class 0 is any ("X.7.8").
struct StatusRange {
    std::uint16_t status_class = 0;
    std::uint16_t subject = 0;
    std::uint16_t first_detail = 0;
    std::uint16_t last_detail = 0;
};

/// The detail of that name has to be one of the words, or where there are none, to show the expression.
struct DetailCondition {
    std::uint16_t name = 0;
    std::uint16_t expression = none;
    List words;  ///< of texts, in small letters
};

struct Wording {
    Text title;
    Text cause;
    List steps;  ///< of texts
};

struct Entry {
    Text id;
    Text link;
    std::uint16_t condition = none;
    std::uint16_t text = none;
    std::uint32_t stages = 0;     ///< bit per Stage; 0 = any
    std::uint32_t providers = 0;  ///< bit per provider; 0 = any
    List codes;
    List statuses;
    List details;
    std::uint32_t delay_ms = 0;  ///< 0 = none
    std::uint8_t error_class = 0;
    std::uint8_t advice = 0;
    std::uint8_t actor = 0;
    std::uint8_t penalty = 0;
    std::array<Wording, 2> wordings;  ///< by Language
};

struct Provider {
    Text id;
    List presets;                   ///< of texts
    std::uint16_t text = none;      ///< in replies
    std::uint16_t greeting = none;  ///< in its greeting, and in the name it gives itself
    std::uint16_t host = none;      ///< in the name of the host
    std::uint16_t reserved = 0;
};

struct Word {
    Text name;
    Text word;
};

/// Entries that name this condition.
struct Condition {
    Text name;
    List candidates;
};

struct Header {
    std::array<char, 8> magic = layout::magic;
    std::uint32_t size = 0;         ///< of everything
    std::uint32_t expressions = 0;  ///< how many the database knows
    List entries;
    List texts;
    List codes;
    List statuses;
    List details;
    List providers;
    List conditions;            ///< sorted by name
    List replies;               ///< a List of candidates for each code, and one for any other
    List candidates;            ///< numbers of entries, ascending within each list
    List detail_names;          ///< Text
    std::array<List, 2> words;  ///< by Language; sorted by name
    List database;              ///< bytes that Hyperscan has written
    List pool;                  ///< bytes
};

/// Records of one kind, wherever they begin.
template <class Record>
class Table {
  public:
    Table() = default;
    Table(const char* first, std::uint32_t count) noexcept : first_(first), count_(count) {}

    std::uint32_t size() const noexcept { return count_; }
    Record operator[](std::size_t number) const noexcept {
        Record out;
        std::memcpy(&out, first_ + number * sizeof(Record), sizeof(Record));
        return out;
    }
    Table part(List list) const noexcept { return {first_ + list.first * sizeof(Record), list.count}; }

  private:
    const char* first_ = nullptr;
    std::uint32_t count_ = 0;
};

}  // namespace mailsend::diagnosis::layout
