#include "host/secret_store.hpp"

#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <vector>

#include "host/secret_vault.hpp"

namespace wfc {

namespace {

constexpr std::string_view prefix = "WFC_SECRET_";

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
        if (split + 1 < whole.size()) values_.try_emplace(name, SecretString(whole.substr(split + 1)));
        unsetenv(name.c_str());  // first: it compares names that the next line removes
        wipe(entry, std::strlen(entry));
    }
}

void SecretStore::keep(std::string_view name, SecretString value) {
    values_.insert_or_assign(variable(name), std::move(value));
}

const SecretString* SecretStore::environment(std::string_view name) const {
    if (const auto given = given_.find(name); given != given_.end()) return &given->second;
    const auto found = values_.find(variable(name));
    if (found != values_.end()) return &found->second;
    return shared_ == nullptr ? nullptr : shared_->environment(name);
}

SecretAnswer SecretStore::get(std::string_view name) {
    const SecretString* supplied = environment(name);
    SecretAnswer answer;
    if (vault_ != nullptr && storable_name(name)) {
        try {
            auto kept = vault_->answer(name, supplied, &answer.basis);
            answer.trouble = vault_->caution();
            if (kept) {
                answer.value = std::move(*kept);
                return answer;
            }
        } catch (const std::exception& fault) {
            answer.trouble = fault.what();
            answer.status = WFC_UNAVAILABLE;
            if (supplied == nullptr) return answer;
            if (vault_->may_hold_written()) {
                answer.trouble +=
                    "; " + variable(name) + " is not used instead, since a newer value may be in the store";
                return answer;
            }
        }
    }
    if (supplied != nullptr) {
        answer.status = WFC_OK;
        answer.value = supplied->copy();
    } else {
        answer.status = WFC_NOT_FOUND;
    }
    return answer;
}

namespace {

SecretAnswer changed(SecretVault::Change change, std::string_view name, std::string basis) {
    switch (change) {
        case SecretVault::Change::outdated:
            return {WFC_CONFLICT,
                    {},
                    "the secret \"" + std::string(name) +
                        "\" was set or removed while a component used it; what the component wrote back was "
                        "made of the old value and is not kept",
                    {}};
        case SecretVault::Change::nothing_there:
            return {WFC_NOT_FOUND, {}, {}, {}};
        default:
            return {WFC_OK, {}, {}, std::move(basis)};
    }
}

}  // namespace

SecretAnswer SecretStore::put(std::string_view name, const SecretString& value, const std::string& basis) {
    if (vault_ == nullptr) return {WFC_UNSUPPORTED, {}, {}, {}};
    if (!storable_name(name) || value.empty() || value.size() > largest_secret) {
        return {WFC_INVALID_INPUT, {}, {}, {}};
    }
    try {
        SecretBasis rests_on = basis;
        const auto change = vault_->write(std::string(name), value, environment(name), &rests_on);
        return changed(change, name, std::move(rests_on));
    } catch (const std::exception& fault) {
        return {WFC_UNAVAILABLE, {}, fault.what(), {}};
    }
}

SecretAnswer SecretStore::erase(std::string_view name, const std::string& basis) {
    if (vault_ == nullptr) return {WFC_UNSUPPORTED, {}, {}, {}};
    try {
        SecretBasis rests_on = basis;
        const auto change = vault_->forget_written(name, environment(name), &rests_on);
        return changed(change, name, std::move(rests_on));
    } catch (const std::exception& fault) {
        return {WFC_UNAVAILABLE, {}, fault.what(), {}};
    }
}

}  // namespace wfc
