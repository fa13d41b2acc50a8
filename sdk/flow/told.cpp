#include "flow/told.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "flow/journal_store.hpp"

namespace wfc::flow {

namespace {

using nlohmann::json;

constexpr std::int64_t hour_ms = 3'600'000, reminder_ms = std::int64_t{156} * hour_ms;  // 6.5 days
constexpr std::uint64_t kept_ms = std::uint64_t{400} * 24 * 3'600'000;
constexpr std::size_t most_entries = 500;
constexpr int most_tries = 50;

std::string text_of(const std::vector<Told::Entry>& entries) {
    json list = json::array();
    for (const Told::Entry& entry : entries)
        list.push_back({{"by", entry.by}, {"mark", entry.mark}, {"at_ms", entry.at_ms}});
    return json{{"format", 1}, {"told", std::move(list)}}.dump(-1, ' ', false,
                                                               json::error_handler_t::replace);
}

/// One that cannot be understood counts as none: at worst something is said once more.
std::vector<Told::Entry> entries_of(const std::string& text) try {
    std::vector<Told::Entry> out;
    const json in = json::parse(text);
    for (const json& entry : in.at("told")) {
        out.push_back({entry.at("by").get<std::string>(), entry.at("mark").get<std::string>(),
                       entry.at("at_ms").get<std::int64_t>()});
    }
    return out;
} catch (const json::exception&) {
    return {};
}

auto find(std::vector<Told::Entry>& entries, const std::string& mark) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const Told::Entry& entry) { return entry.mark == mark; });
}

bool has(const std::vector<std::string>& marks, const std::string& mark) {
    return std::find(marks.begin(), marks.end(), mark) != marks.end();
}

}  // namespace

void Told::change(const std::function<bool(Entries&)>& work) {
    for (int tries = 0; tries < most_tries; ++tries) {
        const std::optional<StateValue> value = read(records_, key_);
        Entries entries = value ? entries_of(value->bytes) : Entries{};
        if (!work(entries)) return;
        std::uint64_t version = 0;
        const wfc_status status =
            records_.put(key_, text_of(entries), value ? value->version : 0, kept_ms, version);
        if (status == WFC_OK) return;
        if (status != WFC_CONFLICT && status != WFC_NOT_FOUND) unusable(records_, key_, reason(status));
    }
    unusable(records_, key_, "other processes write it all the time");
}

std::optional<Told::Claim> Told::claim(const std::string& by, const std::vector<std::string>& marks,
                                       std::int64_t now_ms) {
    std::optional<Claim> out;
    change([&](Entries& entries) {
        out.reset();
        // Times from before the clock was set back mean nothing.
        entries.erase(std::remove_if(entries.begin(), entries.end(),
                                     [&](const Entry& entry) {
                                         return entry.at_ms > now_ms + hour_ms ||
                                                entry.at_ms + reminder_ms <= now_ms;
                                     }),
                      entries.end());
        if (std::all_of(marks.begin(), marks.end(),
                        [&](const std::string& mark) { return find(entries, mark) != entries.end(); })) {
            return false;
        }
        out = Claim{marks, {}, now_ms};
        for (const std::string& mark : marks) {
            if (const auto found = find(entries, mark); found != entries.end()) {
                out->before.push_back(*found);
                entries.erase(found);
            }
            entries.push_back({by, mark, now_ms});
        }
        if (entries.size() > most_entries) {
            entries.erase(entries.begin(),
                          entries.end() - static_cast<std::ptrdiff_t>(most_entries));  // the oldest
        }
        return true;
    });
    return out;
}

void Told::take_back(const Claim& claim) {
    change([&](Entries& entries) {
        const auto ours = [&](const Entry& entry) {
            return entry.at_ms == claim.at_ms && has(claim.marks, entry.mark);
        };
        const auto from = std::remove_if(entries.begin(), entries.end(), ours);
        if (from == entries.end()) return false;
        entries.erase(from, entries.end());
        for (const Entry& before : claim.before) {
            if (find(entries, before.mark) == entries.end()) entries.push_back(before);
        }
        return true;
    });
}

void Told::mended(const std::string& by, const std::vector<std::string>& still) {
    change([&](Entries& entries) {
        const auto from = std::remove_if(entries.begin(), entries.end(), [&](const Entry& entry) {
            return entry.by == by && !has(still, entry.mark);
        });
        const bool some = from != entries.end();
        entries.erase(from, entries.end());
        return some;
    });
}

}  // namespace wfc::flow
