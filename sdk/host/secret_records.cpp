#include "host/secret_records.hpp"

#include <algorithm>
#include <sodium.h>

#include "host/secret_file.hpp"

namespace wfc {

namespace {

constexpr std::size_t digest_size = 32;

bool same(const std::string& one, const std::string& other) noexcept {
    return one.size() == digest_size && other.size() == digest_size &&
           sodium_memcmp(one.data(), other.data(), digest_size) == 0;
}

constexpr char with_written = 'w', without_written = '-';  // how a basis ends

/// Of a source, a name and what was supplied, still without its end. No name holds a NUL.
SecretBasis basis_of(const SecretString& key, char source, std::string_view name, std::string_view value) {
    SecretString text(name);
    text.append("\0", 1).append(value);
    return source + keyed_hash(key, text.reveal());
}

}  // namespace

bool storable_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= longest_secret_name &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

SecretRecords::SecretRecords(SecretHeader header, SecretKeys keys)
    : header_(std::move(header)), keys_(std::move(keys)) {}

SecretRecords::SecretRecords(SecretHeader header, SecretKeys keys, std::string_view file)
    : SecretRecords(std::move(header), std::move(keys)) {
    decode(open_box(keys_, file).reveal());
}

std::vector<SecretListing> SecretRecords::list() const {
    std::vector<SecretListing> out;
    for (const auto& [name, entry] : entries_)
        out.push_back({name, entry.supplied.there(), entry.any_written()});
    return out;
}

std::string SecretRecords::authenticated(std::string_view name, Role role, std::uint64_t version) const {
    std::string out = "wfc secret 1";
    out += header_.identity;  // all of these are of one length; only the name is
                              // not, and it is last
    out += static_cast<char>(role);
    put_number(out, version);
    out += name;
    return out;
}

SecretRecords::Sealed SecretRecords::sealed(std::string_view name, Role role,
                                            const SecretString& value) const {
    const std::uint64_t version = header_.generation + 1;
    return {version, seal(keys_.value(), value.reveal(), authenticated(name, role, version))};
}

SecretString SecretRecords::opened(std::string_view name, Role role, const Sealed& value) const {
    return unseal(keys_.value(), value.text, authenticated(name, role, value.version));
}

bool SecretRecords::Entry::any_written() const noexcept {
    return std::any_of(written.begin(), written.end(), [](const Written& value) { return value.there(); });
}

bool SecretRecords::any_written() const noexcept {
    return std::any_of(entries_.begin(), entries_.end(),
                       [](const auto& entry) { return entry.second.any_written(); });
}

SecretRecords::Role SecretRecords::role_of(Source source) noexcept {
    return source == of_store       ? Role::written_for_store
           : source == of_elsewhere ? Role::for_elsewhere
                                    : Role::for_nothing;
}

const SecretRecords::Entry* SecretRecords::find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
}

SecretRecords::Now SecretRecords::now(std::string_view name, const Entry& entry,
                                      const SecretString* elsewhere) const {
    SecretString text(authenticated(name, Role::supplied, 0));
    Source source = of_nothing;
    if (elsewhere != nullptr) {
        source = of_elsewhere;
        text.append("\0", 1).append(elsewhere->reveal());  // no name holds a NUL
    } else if (entry.supplied.there()) {
        source = of_store;
        text.append("\0", 1).append(opened(name, Role::supplied, entry.supplied).reveal());
    }
    return {source, keyed_hash(keys_.digest(), text.reveal())};
}

SecretRecords::Source SecretRecords::in_force(const Entry& entry, const Now& now) {
    if (now.source == of_nothing) {
        for (const Source source : {of_nothing, of_elsewhere})
            if (entry.written[source].there()) return source;
        return sources;
    }
    // The value counts, not where it is from: it may have moved from the environment into the store.
    Source newest = sources;
    for (const Source source : {of_store, of_elsewhere}) {
        const Written& value = entry.written[source];
        if (!value.there() || !same(value.digest, now.digest)) continue;
        if (newest == sources || value.version > entry.written[newest].version) newest = source;
    }
    return newest;
}

std::optional<SecretString> SecretRecords::answer(std::string_view name,
                                                  const SecretString* elsewhere) const {
    const Entry* entry = find(name);
    if (entry == nullptr) return std::nullopt;
    if (entry->any_written()) {
        const Source source = in_force(*entry, now(name, *entry, elsewhere));
        if (source != sources) return opened(name, role_of(source), entry->written[source]);
    }
    if (elsewhere != nullptr || !entry->supplied.there()) return std::nullopt;
    return opened(name, Role::supplied, entry->supplied);
}

SecretBasis basis_without_store(const SecretString& key, std::string_view name,
                                const SecretString* elsewhere) {
    const bool supplied = elsewhere != nullptr;
    return basis_of(key, supplied ? 'e' : 'n', name, supplied ? elsewhere->reveal() : std::string_view()) +
           without_written;
}

bool same_supply(const SecretBasis& one, const SecretBasis& other) noexcept {
    return std::string_view(one).substr(0, 1 + digest_size) ==
           std::string_view(other).substr(0, 1 + digest_size);
}

bool still_good(const SecretBasis& then, const SecretBasis& now) noexcept {
    return same_supply(then, now) && (then.back() == without_written || now.back() == with_written);
}

SecretBasis SecretRecords::basis(const SecretString& key, std::string_view name,
                                 const SecretString* elsewhere) const {
    const Entry* entry = find(name);
    if (entry == nullptr) return basis_without_store(key, name, elsewhere);
    const Source written = in_force(*entry, now(name, *entry, elsewhere));
    SecretBasis out;
    if (elsewhere != nullptr) {
        out = basis_of(key, 'e', name, elsewhere->reveal());
    } else if (entry->supplied.there()) {
        out = basis_of(key, 's', name, opened(name, Role::supplied, entry->supplied).reveal());
    } else if (written == of_elsewhere) {
        // Without the environment of the process that wrote it, its digest stands for what is supplied there.
        out = basis_of(key, 'd', name, entry->written[of_elsewhere].digest);
    } else {
        out = basis_of(key, 'n', name, {});
    }
    return out + (written != sources ? with_written : without_written);
}

bool SecretRecords::stale(std::string_view name, const SecretString* elsewhere) const {
    const Entry* entry = find(name);
    if (entry == nullptr || !entry->any_written()) return false;
    const Now present = now(name, *entry, elsewhere);
    const Written& own = entry->written[present.source];
    return own.there() && !same(own.digest, present.digest);
}

SecretRecords::Entry& SecretRecords::entry_for(const std::string& name) {
    const auto found = entries_.find(name);
    if (found != entries_.end()) return found->second;
    if (entries_.size() >= most_secrets) {
        throw SecretsUnusable("is full: it holds at most " + std::to_string(most_secrets) + " secrets");
    }
    return entries_[name];
}

void SecretRecords::supply(const std::string& name, const SecretString& value) {
    Entry& entry = entry_for(name);
    entry.supplied = sealed(name, Role::supplied, value);
    // The same value again is no change: a script that sets up a machine runs more than once.
    if (stale(name, nullptr)) entry.written[of_store] = {};
    entry.written[of_nothing] = {};  // something is supplied now
}

void SecretRecords::write(const std::string& name, const SecretString& value, const SecretString* elsewhere) {
    Entry& entry = entry_for(name);
    Now present = now(name, entry, elsewhere);
    // What replaces a value of elsewhere goes on belonging to what was supplied there.
    if (present.source == of_nothing && in_force(entry, present) == of_elsewhere) {
        present = {of_elsewhere, entry.written[of_elsewhere].digest};
    }
    static_cast<Sealed&>(entry.written[present.source]) = sealed(name, role_of(present.source), value);
    entry.written[present.source].digest = present.digest;
}

void SecretRecords::drop_if_empty(std::string_view name) {
    const auto found = entries_.find(name);
    if (!found->second.supplied.there() && !found->second.any_written()) entries_.erase(found);
}

bool SecretRecords::forget_written(std::string_view name, const SecretString* elsewhere) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) return false;
    Entry& entry = found->second;
    const Now present = now(name, entry, elsewhere);
    bool forgot = false;
    // The same value from two sources: what was written for it before does not come back either.
    for (Source at = in_force(entry, present); at != sources; at = in_force(entry, present)) {
        entry.written[at] = {};
        forgot = true;
        if (present.source == of_nothing) break;
    }
    drop_if_empty(name);
    return forgot;
}

bool SecretRecords::forget_stale(std::string_view name, const SecretString* elsewhere) {
    if (!stale(name, elsewhere)) return false;
    Entry& entry = entries_.find(name)->second;
    entry.written[now(name, entry, elsewhere).source] = {};
    drop_if_empty(name);
    return true;
}

bool SecretRecords::remove(std::string_view name) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) return false;
    entries_.erase(found);
    return true;
}

}  // namespace wfc
