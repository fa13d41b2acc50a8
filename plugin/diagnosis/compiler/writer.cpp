#include "diagnosis/compiler/writer.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "diagnosis/compiler/exact_words.hpp"
#include "diagnosis/compiler/expression_set.hpp"
#include "diagnosis/compiler/pool.hpp"

namespace mailsend::diagnosis::compiler {
namespace {

using layout::List;
using layout::Text;

/// Tables that grow, in the form in which they are written.
class Writer {
  public:
    std::string written(const Source& source) {
        if (source.entries.size() >= layout::none) throw std::runtime_error("there are too many entries");
        for (const ProviderSource& provider : source.providers) add(provider);
        for (const EntrySource& entry : source.entries) entries_.push_back(record_of(entry));
        for (const std::size_t language : {std::size_t{0}, std::size_t{1}}) {
            // One language after the other: a process that speaks one touches the pages of that one.
            for (std::size_t i = 0; i < entries_.size(); ++i)
                entries_[i].wordings[language] = add(source.entries[i].wordings[language]);
            for (const auto& [name, word] : source.words[language])
                words_[language].push_back({pool_.add(name), pool_.add(word)});
        }
        index(source);
        return assembled();
    }

  private:
    template <class Record>
    static List append(std::vector<Record>& table, const std::vector<Record>& more) {
        const List list{static_cast<std::uint32_t>(table.size()), static_cast<std::uint32_t>(more.size())};
        table.insert(table.end(), more.begin(), more.end());
        return list;
    }
    List add(const std::vector<std::string>& texts) {
        std::vector<Text> out;
        for (const std::string& text : texts) out.push_back(pool_.add(text));
        return append(texts_, out);
    }
    layout::Wording add(const WordingSource& wording) {
        return {pool_.add(wording.title), pool_.add(wording.cause), add(wording.steps)};
    }
    std::uint16_t expression(const std::string& pattern, const std::string& owner) {
        return pattern.empty() ? layout::none : expressions_.number_of(pattern, owner);
    }
    void add(const ProviderSource& source) {
        const std::string owner = "catalogue.json, the provider '" + source.id + "'";
        layout::Provider provider;
        provider.id = pool_.add(source.id);
        provider.presets = add(source.presets);
        provider.text = expression(source.text, owner);
        provider.greeting = expression(source.greeting, owner);
        provider.host = expression(source.host, owner);
        providers_.push_back(provider);
    }
    std::uint16_t detail_name(const std::string& name) {
        const auto found = std::find(names_.begin(), names_.end(), name);
        if (found == names_.end()) names_.push_back(name);
        return static_cast<std::uint16_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
    }
    layout::DetailCondition detail_condition(const std::string& name, const std::string& pattern,
                                             const std::string& owner) {
        if (const auto words = exact_words(pattern)) return {detail_name(name), layout::none, add(*words)};
        return {detail_name(name), expression(pattern, owner), {}};
    }
    layout::Entry record_of(const EntrySource& source) {
        layout::Entry entry;
        entry.id = pool_.add(source.id);
        entry.link = pool_.add(source.link);
        entry.text = expression(source.text, source.owner);
        entry.stages = source.stages;
        entry.providers = source.providers;
        entry.codes = append(codes_, source.codes);
        entry.statuses = append(statuses_, source.statuses);
        std::vector<layout::DetailCondition> details;
        for (const auto& [name, pattern] : source.details)
            details.push_back(detail_condition(name, pattern, source.owner));
        entry.details = append(details_, details);
        entry.delay_ms = source.delay_ms;
        entry.error_class = static_cast<std::uint8_t>(source.error_class);
        entry.advice = static_cast<std::uint8_t>(source.advice);
        entry.actor = static_cast<std::uint8_t>(source.actor);
        entry.penalty = source.penalty ? 1 : 0;
        return entry;
    }
    /// Lists that are the same are written once: most codes have nothing of their own.
    List candidates(const std::vector<std::uint16_t>& numbers) {
        const auto found =
            std::search(candidates_.begin(), candidates_.end(), numbers.begin(), numbers.end());
        if (found == candidates_.end()) return append(candidates_, numbers);
        return {static_cast<std::uint32_t>(found - candidates_.begin()),
                static_cast<std::uint32_t>(numbers.size())};
    }
    void index(const Source& source) {
        std::map<std::string, std::vector<std::uint16_t>> by_condition;
        for (std::size_t i = 0; i < source.entries.size(); ++i) {
            const std::string& condition = source.entries[i].condition;
            if (!condition.empty()) by_condition[condition].push_back(static_cast<std::uint16_t>(i));
        }
        for (const auto& [name, numbers] : by_condition) {
            for (const std::uint16_t number : numbers)
                entries_[number].condition = static_cast<std::uint16_t>(conditions_.size());
            conditions_.push_back({pool_.add(name), candidates(numbers)});
        }
        for (int offset = 0; offset <= layout::code_count; ++offset) {
            const int code = offset < layout::code_count ? layout::first_code + offset : 0;
            std::vector<std::uint16_t> numbers;
            for (std::size_t i = 0; i < source.entries.size(); ++i) {
                const EntrySource& entry = source.entries[i];
                const auto has = [&](layout::CodeRange r) { return code >= r.first && code <= r.last; };
                const bool fits =
                    entry.codes.empty() || std::any_of(entry.codes.begin(), entry.codes.end(), has);
                if (entry.condition.empty() && fits) numbers.push_back(static_cast<std::uint16_t>(i));
            }
            replies_.push_back(candidates(numbers));
        }
    }
    template <class Record>
    static List place(std::string& out, const std::vector<Record>& table) {
        out.resize((out.size() + 15) / 16 * 16);
        const List list{static_cast<std::uint32_t>(out.size()), static_cast<std::uint32_t>(table.size())};
        out.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(Record));
        return list;
    }
    static List place(std::string& out, const std::string& bytes) {
        return place(out, std::vector<char>(bytes.begin(), bytes.end()));
    }
    std::string assembled() {
        std::vector<Text> names;
        for (const std::string& name : names_) names.push_back(pool_.add(name));
        layout::Header header;
        std::string out(sizeof header, '\0');
        header.expressions = static_cast<std::uint32_t>(expressions_.size());
        header.conditions = place(out, conditions_);
        header.replies = place(out, replies_);
        header.candidates = place(out, candidates_);
        header.entries = place(out, entries_);
        header.codes = place(out, codes_);
        header.statuses = place(out, statuses_);
        header.details = place(out, details_);
        header.detail_names = place(out, names);
        header.providers = place(out, providers_);
        header.words = {place(out, words_[0]), place(out, words_[1])};
        header.texts = place(out, texts_);
        header.pool = place(out, pool_.bytes());
        header.database = place(out, expressions_.database());
        if (out.size() > std::numeric_limits<std::uint32_t>::max() / 2)
            throw std::runtime_error("too much data");
        header.size = static_cast<std::uint32_t>(out.size());
        out.replace(0, sizeof header, reinterpret_cast<const char*>(&header), sizeof header);
        return out;
    }

    Pool pool_;
    ExpressionSet expressions_;
    std::vector<std::string> names_;
    std::vector<layout::Entry> entries_;
    std::vector<Text> texts_;
    std::vector<layout::CodeRange> codes_;
    std::vector<layout::StatusRange> statuses_;
    std::vector<layout::DetailCondition> details_;
    std::vector<layout::Provider> providers_;
    std::vector<layout::Condition> conditions_;
    std::vector<List> replies_;
    std::vector<std::uint16_t> candidates_;
    std::array<std::vector<layout::Word>, 2> words_;
};

}  // namespace

std::string written(const Source& source) {
    return Writer().written(source);
}

}  // namespace mailsend::diagnosis::compiler
