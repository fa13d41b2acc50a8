#include "host/secret_store.hpp"

#include <cstdlib>
#include <cstring>
#include <unistd.h>

#include "wfc/json.hpp"
#include "wfc/view.hpp"

namespace wfc {

namespace {

constexpr std::string_view prefix = "WFC_SECRET_";

void collect(const nlohmann::json& node, std::set<std::string, std::less<>>& into) {
    if (node.is_object()) {
        const auto reference = node.find("$secret");
        if (reference != node.end() && reference->is_string()) into.insert(reference->get<std::string>());
    }
    if (node.is_structured()) {
        for (const auto& child : node) collect(child, into);  // as deep as parse_json lets a document be
    }
}

}  // namespace

std::string SecretStore::variable(std::string_view name) {
    std::string out(prefix);
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0u) == 0x80u) continue;  // the rest of a character that already became one `_`
        const bool lower = c >= 'a' && c <= 'z';
        const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        out += lower ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_';
    }
    return out;
}

void SecretStore::take_environment() {
    std::vector<char*> entries;
    for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
        const std::string_view entry(*at);
        if (entry.substr(0, prefix.size()) == prefix && entry.find('=') != entry.npos) entries.push_back(*at);
    }
    for (char* entry : entries) {
        const std::string_view whole(entry);
        const std::size_t split = whole.find('=');
        const std::string name(whole.substr(0, split));
        values_.try_emplace(name, SecretString(whole.substr(split + 1)));
        unsetenv(name.c_str());  // first: it compares names that the next line removes
        wipe(entry, std::strlen(entry));
    }
}

void SecretStore::keep(std::string_view name, SecretString value) {
    values_.insert_or_assign(variable(name), std::move(value));
}

const SecretString* SecretStore::find(std::string_view name) const {
    const auto found = values_.find(variable(name));
    return found == values_.end() ? nullptr : &found->second;
}

std::set<std::string, std::less<>> secret_names(std::string_view settings_json) {
    std::set<std::string, std::less<>> out;
    try {
        collect(parse_json(settings_json, WFC_INVALID_SETTINGS, "settings"), out);
    } catch (const Problem&) {  // the component says what is wrong with its settings
    }
    return out;
}

SecretView::SecretView(const SecretStore& store, std::set<std::string, std::less<>> allowed)
    : store_(store), allowed_(std::move(allowed)) {
    table_ = {sizeof table_,
              0,
              this,
              [](void* ctx, wfc_view name, wfc_sink value) noexcept {
                  return static_cast<SecretView*>(ctx)->get(text(name), value);
              },
              [](void*, wfc_view, wfc_view) noexcept -> wfc_status { return WFC_UNSUPPORTED; },
              [](void*, wfc_view) noexcept -> wfc_status { return WFC_UNSUPPORTED; }};
}

std::vector<std::string> SecretView::missing() const {
    const std::lock_guard lock(mutex_);
    return {missing_.begin(), missing_.end()};
}

wfc_status SecretView::get(std::string_view name, wfc_sink value) {
    if (allowed_.count(name) == 0) return WFC_DENIED;
    const SecretString* found = store_.find(name);
    if (found != nullptr) return value.write(value.ctx, view(found->reveal()));
    const std::lock_guard lock(mutex_);
    missing_.emplace(name);
    return WFC_NOT_FOUND;
}

}  // namespace wfc
