#include "host/support_mask.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <pwd.h>
#include <strings.h>
#include <unistd.h>

#include "host/decoded_text.hpp"

namespace wfc {

namespace {

constexpr std::size_t shortest_name = 3;
constexpr std::size_t longest_text = std::size_t{1} << 20;  // each of its decodings takes five times as much

/// A place in the source, and what is written there instead.
struct Cut {
    std::size_t begin, end;
    std::string instead;
    bool secret;
};

bool of_a_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// A name as code writes it.
bool written_by_us(std::string_view name) {
    return name.size() <= 24 && name.find_first_not_of("$_abcdefghijklmnopqrstuvwxyz") == name.npos;
}

void find_host(std::string_view text, std::string_view name, std::vector<Cut>& cuts) {
    const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    const char first = folded(name.front());
    for (std::size_t at = 0; at + name.size() <= text.size(); ++at) {
        if (folded(text[at]) != first || strncasecmp(text.data() + at, name.data(), name.size()) != 0)
            continue;
        const std::size_t end = at + name.size();
        if ((at > 0 && of_a_word(text[at - 1])) || (end < text.size() && of_a_word(text[end]))) continue;
        cuts.push_back({at, end, "[host]", false});
    }
}

void find_home(std::string_view text, std::string_view path, std::vector<Cut>& cuts) {
    for (std::size_t at = text.find(path); at != text.npos; at = text.find(path, at + 1)) {
        const std::size_t end = at + path.size();
        const bool longer = end < text.size() && (of_a_word(text[end]) || text[end] == '.');
        if (!longer && (at == 0 || !of_a_word(text[at - 1]))) cuts.push_back({at, end, "[home]", false});
    }
}

/// In order and apart from each other: what overlaps is one, and secret if any of it was.
std::vector<Cut> apart(std::vector<Cut> cuts) {
    std::stable_sort(cuts.begin(), cuts.end(),
                     [](const Cut& one, const Cut& other) { return one.begin < other.begin; });
    std::vector<Cut> out;
    for (Cut& cut : cuts) {
        if (cut.begin == cut.end) continue;
        if (out.empty() || out.back().end <= cut.begin) {
            out.push_back(std::move(cut));
            continue;
        }
        Cut& last = out.back();
        const bool wider = cut.end - cut.begin > last.end - last.begin;
        if ((cut.secret && !last.secret) || (cut.secret == last.secret && wider)) last.instead = cut.instead;
        last.secret = last.secret || cut.secret;
        last.end = std::max(last.end, cut.end);
    }
    return out;
}

void add_home(std::vector<std::string>& homes, const char* path) {
    std::string home = path == nullptr ? "" : path;
    while (home.size() > 1 && home.back() == '/') home.pop_back();
    if (home.size() >= shortest_name && home.front() == '/') homes.push_back(std::move(home));
}

}  // namespace

MachineNames MachineNames::here() {
    MachineNames out;
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) == 0) {
        const std::string whole = name.data();
        if (whole != "localhost") out.hosts.push_back(whole);
        if (const std::size_t dot = whole.find('.'); dot != whole.npos && whole.substr(0, dot) != "localhost")
            out.hosts.push_back(whole.substr(0, dot));
    }
    add_home(out.homes, std::getenv("HOME"));
    std::array<char, 4096> room{};
    passwd entry{}, *found = nullptr;
    if (getpwuid_r(geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
        add_home(out.homes, found->pw_dir);
    return out;
}

SupportMask::SupportMask(MachineNames names) : names_(std::move(names)) {
    const auto too_short = [](const std::string& name) { return name.size() < shortest_name; };
    names_.hosts.erase(std::remove_if(names_.hosts.begin(), names_.hosts.end(), too_short),
                       names_.hosts.end());
}

void SupportMask::public_name(std::string_view name) {
    names_known_.emplace(name);
    traces_.public_word(name);
}

void SupportMask::public_value(std::string_view value) {
    values_known_.emplace(value);
    traces_.public_word(value);
}

void SupportMask::content(const nlohmann::json& document) {
    if (document.is_string()) content_.add(document.get_ref<const std::string&>());
    if (document.is_structured()) {
        for (const auto& each : document) content(each);
    }
}

std::string SupportMask::text(std::string_view text) {
    if (values_known_.find(text) != values_known_.end()) return std::string(text);
    return traces_.is_one(text) ? "[secret]" : masked(text, true);
}

std::vector<bool> SupportMask::joined(const std::vector<std::string>& lines) const {
    std::string text;
    std::vector<std::size_t> ends;
    for (const std::string& line : lines) {
        text += line + "\n";
        ends.push_back(text.size());
    }
    std::vector<bool> out(lines.size());
    for (const DecodedText& decoded : decodings(text)) {
        const DecodedText close(decoded, Escapes::gaps);
        std::vector<Span> spans;
        traces_.find(close.text(), true, spans);
        for (const auto& [begin, end] : spans) {
            const std::size_t from = close.source(begin), until = close.source_end(end);
            auto line =
                static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), from) - ends.begin());
            if (line >= ends.size() || until <= ends[line]) continue;  // it is found without the others
            for (; line < ends.size() && (line == 0 || ends[line - 1] < until); ++line) out[line] = true;
        }
    }
    return out;
}

std::string SupportMask::masked(std::string_view text, bool machine) {
    if (text.size() > longest_text) return "(left out: " + std::to_string(text.size()) + " bytes)";
    std::vector<Cut> cuts;
    for (const DecodedText& decoded : decodings(text)) {
        std::vector<Span> spans;
        traces_.find(decoded.text(), false, spans);
        for (const auto& [begin, end] : spans)
            cuts.push_back({decoded.source(begin), decoded.source_end(end), "[secret]", true});
        spans.clear();
        content_.find(decoded.text(), spans);
        for (const auto& [begin, end] : spans)
            cuts.push_back({decoded.source(begin), decoded.source_end(end), "[content]", false});
        const DecodedText close(decoded, Escapes::gaps);
        spans.clear();
        if (close.text().size() != decoded.text().size()) traces_.find(close.text(), true, spans);
        for (const auto& [begin, end] : spans)
            cuts.push_back({close.source(begin), close.source_end(end), "[secret]", true});
        std::vector<PeopleNames::Found> people;
        people_.find(decoded.text(), people);
        for (PeopleNames::Found& each : people)
            cuts.push_back(
                {decoded.source(each.begin), decoded.source(each.end), std::move(each.name), false});
    }
    if (machine) {
        for (const std::string& host : names_.hosts) find_host(text, host, cuts);
        for (const std::string& home : names_.homes) find_home(text, home, cuts);
    }
    std::string out;
    std::size_t done = 0;
    for (const Cut& cut : apart(std::move(cuts))) {
        out.append(text, done, cut.begin - done);
        out += cut.instead;
        done = cut.end;
    }
    return out.append(text.substr(done));
}

void SupportMask::document(nlohmann::ordered_json& document) {
    using Json = nlohmann::ordered_json;
    if (document.is_string()) {
        document = text(document.get_ref<const std::string&>());
    } else if (document.is_number()) {
        const std::string digits = document.dump();
        if (digits.size() >= 8 && traces_.is_one(digits)) document = "[secret]";
    } else if (document.is_array()) {
        for (Json& each : document) this->document(each);
    } else if (document.is_object()) {
        Json out = Json::object();
        for (auto& [name, value] : document.items()) {
            this->document(value);
            // Not operator[], which looks through all members that are there.
            out.get_ref<Json::object_t&>().emplace_back(
                written_by_us(name) || names_known_.find(name) != names_known_.end() ? name
                                                                                     : masked(name, false),
                std::move(value));
        }
        document = std::move(out);
    }
}

void SupportMask::learn(const nlohmann::json& document) {
    if (document.is_string()) {
        std::vector<PeopleNames::Found> found;
        people_.find(document.get_ref<const std::string&>(), found);
    }
    if (document.is_structured()) {
        for (const auto& each : document) learn(each);
    }
}

}  // namespace wfc
