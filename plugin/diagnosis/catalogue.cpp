#include "diagnosis/catalogue.hpp"

#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <type_traits>
#include <unistd.h>

#include "wfc/embedded.hpp"

WFC_EMBEDDED(errors, mailsend_errors)

namespace mailsend::diagnosis {
namespace {

using layout::Table;

static_assert(std::has_unique_object_representations_v<layout::Header>);
static_assert(std::has_unique_object_representations_v<layout::Entry>);

/// The first number of `table` whose name is not before `name`; they are sorted.
template <class Record, class Name>
std::size_t lower_bound(const Table<Record>& table, std::string_view name, const Name& name_of) noexcept {
    std::size_t first = 0;
    std::size_t last = table.size();
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        if (name_of(table[middle]) < name) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return first;
}

/// Gives back the pages of `bytes`, which are part of this library's file: what is needed again is read
/// again.
void forget_pages(std::string_view bytes) noexcept {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = (reinterpret_cast<std::uintptr_t>(bytes.data()) + page - 1) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) / page * page;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): whole pages between two ends
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace

/// The header of bytes that are as long as they say.
struct Catalogue::Checked {
    explicit Checked(std::string_view given) : bytes(given) {
        if (bytes.size() < sizeof header) refuse();
        std::memcpy(&header, bytes.data(), sizeof header);
        if (header.magic != layout::magic || header.size != bytes.size() || header.entries.count == 0)
            refuse();
        if (header.replies.count != layout::code_count + 1) refuse();
    }
    [[noreturn]] static void refuse() {
        throw std::runtime_error("the catalogue of errors is not whole, or of another version");
    }
    template <class Record>
    Table<Record> table(layout::List list) const {
        if (list.first > bytes.size() || list.count > (bytes.size() - list.first) / sizeof(Record)) refuse();
        return {bytes.data() + list.first, list.count};
    }

    std::string_view bytes;
    layout::Header header;
};

Catalogue::Catalogue(std::string_view bytes) : Catalogue(Checked(bytes)) {}

Catalogue::Catalogue(const Checked& from)
    : entries_(from.table<layout::Entry>(from.header.entries)),
      texts_(from.table<layout::Text>(from.header.texts)),
      codes_(from.table<layout::CodeRange>(from.header.codes)),
      statuses_(from.table<layout::StatusRange>(from.header.statuses)),
      details_(from.table<layout::DetailCondition>(from.header.details)),
      providers_(from.table<layout::Provider>(from.header.providers)),
      conditions_(from.table<layout::Condition>(from.header.conditions)),
      replies_(from.table<layout::List>(from.header.replies)),
      candidates_(from.table<std::uint16_t>(from.header.candidates)),
      detail_names_(from.table<layout::Text>(from.header.detail_names)),
      words_{from.table<layout::Word>(from.header.words[0]), from.table<layout::Word>(from.header.words[1])},
      pool_((from.table<char>(from.header.pool), from.bytes.data() + from.header.pool.first)),
      bytes_(from.bytes.size()),
      database_source_((from.table<char>(from.header.database),
                        from.bytes.substr(from.header.database.first, from.header.database.count))),
      expressions_(database_source_, from.header.expressions) {}

const Catalogue& Catalogue::embedded() {
    // Belongs to this library: unloading the library destroys it.
    static const Catalogue catalogue(errors());
    static const bool once = (forget_pages(catalogue.database_source_), true);
    static_cast<void>(once);
    return catalogue;
}

Entry Catalogue::entry(std::size_t number) const {
    const layout::Entry record = entries_[number];
    Entry out;
    out.id = text(record.id);
    if (record.condition != layout::none) out.condition = text(conditions_[record.condition].name);
    out.looks_closer = record.details.count != 0 || record.providers != 0;
    out.error_class = static_cast<ErrorClass>(record.error_class);
    out.advice = static_cast<Advice>(record.advice);
    if (record.delay_ms != 0) out.delay = std::chrono::milliseconds(record.delay_ms);
    out.penalty = record.penalty != 0;
    out.actor = static_cast<Actor>(record.actor);
    out.link = text(record.link);
    for (std::size_t language = 0; language < out.wordings.size(); ++language) {
        const layout::Wording& wording = record.wordings[language];
        out.wordings[language] = {text(wording.title), text(wording.cause), texts(wording.steps)};
    }
    return out;
}

Words Catalogue::words(Language language) const {
    const Table<layout::Word>* table = &words_[language == Language::ja ? 1 : 0];
    return [table, this](std::string_view name) -> std::string_view {
        const auto name_of = [this](const layout::Word& word) { return text(word.name); };
        const std::size_t at = lower_bound(*table, name, name_of);
        if (at == table->size() || name_of((*table)[at]) != name) return {};
        return text((*table)[at].word);
    };
}

Table<std::uint16_t> Catalogue::about_condition(std::string_view condition) const noexcept {
    const auto name_of = [this](const layout::Condition& one) { return text(one.name); };
    const std::size_t at = lower_bound(conditions_, condition, name_of);
    if (at == conditions_.size() || name_of(conditions_[at]) != condition) return {};
    return candidates_.part(conditions_[at].candidates);
}

Table<std::uint16_t> Catalogue::about_reply(int code) const noexcept {
    const int offset = code - layout::first_code;
    const bool known = offset >= 0 && offset < layout::code_count;
    return candidates_.part(replies_[static_cast<std::size_t>(known ? offset : layout::code_count)]);
}

}  // namespace mailsend::diagnosis
