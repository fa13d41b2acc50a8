#include "host/secret_records.hpp"

#include <algorithm>
#include <sodium.h>

#include "host/secret_file.hpp"

namespace wfc {

namespace {

constexpr unsigned char has_supplied = 1, has_written = 2;
constexpr std::size_t basis_size = 1 + 32;
constexpr char from_store = 's', from_elsewhere = 'e', from_nowhere = 'n';  // how a basis begins

/// Takes the content of the box apart. It is authentic; what is wrong in it was written by a defect.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}
    bool done() const noexcept { return rest_.empty(); }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) throw SecretsUnusable("is damaged: a value in it is incomplete");
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    template <class Number>
    Number number() {
        return number_at<Number>(take(sizeof(Number)), 0);
    }

  private:
    std::string_view rest_;
};

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
        out.push_back({name, entry.supplied.there(), entry.written.there()});
    return out;
}

std::string SecretRecords::authenticated(std::string_view name, Role role, std::uint64_t version) const {
    std::string out = "wfc secret 1";
    out += header_.identity;  // all of these are of one length; only the name is not, and it is last
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

std::string SecretRecords::basis(std::string_view name, const Entry& entry,
                                 const SecretString* elsewhere) const {
    SecretString text(authenticated(name, Role::supplied, 0));
    char from = from_nowhere;
    if (elsewhere != nullptr) {
        from = from_elsewhere;
        text.append("\0", 1).append(elsewhere->reveal());  // no name holds a NUL
    } else if (entry.supplied.there()) {
        from = from_store;
        text.append("\0", 1).append(opened(name, Role::supplied, entry.supplied).reveal());
    }
    return from + keyed_hash(keys_.digest(), text.reveal());
}

bool SecretRecords::current(std::string_view name, const Entry& entry, const SecretString* elsewhere) const {
    if (elsewhere == nullptr && !entry.supplied.there()) return true;
    // The value counts, not where it is from: it may have moved from the environment into the store.
    const std::string now = basis(name, entry, elsewhere);
    return sodium_memcmp(now.data() + 1, entry.basis.data() + 1, basis_size - 1) == 0;
}

std::optional<SecretString> SecretRecords::answer(std::string_view name,
                                                  const SecretString* elsewhere) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) return std::nullopt;
    const Entry& entry = found->second;
    if (entry.written.there() && current(name, entry, elsewhere)) {
        return opened(name, Role::written, entry.written);
    }
    if (elsewhere != nullptr || !entry.supplied.there()) return std::nullopt;
    return opened(name, Role::supplied, entry.supplied);
}

bool SecretRecords::stale(std::string_view name, const SecretString* elsewhere) const {
    const auto found = entries_.find(name);
    if (found == entries_.end() || !found->second.written.there()) return false;
    const Entry& entry = found->second;
    if (current(name, entry, elsewhere)) return false;
    const char from = elsewhere != nullptr ? from_elsewhere : from_store;
    return entry.basis[0] == from || entry.basis[0] == from_nowhere;
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
    if (stale(name, nullptr)) {
        entry.written = {};
        entry.basis.clear();
    }
}

void SecretRecords::write(const std::string& name, const SecretString& value, const SecretString* elsewhere) {
    Entry& entry = entry_for(name);
    entry.basis = basis(name, entry, elsewhere);
    entry.written = sealed(name, Role::written, value);
}

bool SecretRecords::forget_written(std::string_view name) {
    const auto found = entries_.find(name);
    if (found == entries_.end() || !found->second.written.there()) return false;
    found->second.written = {};
    found->second.basis.clear();
    if (!found->second.supplied.there()) entries_.erase(found);
    return true;
}

bool SecretRecords::remove(std::string_view name) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) return false;
    entries_.erase(found);
    return true;
}

std::string SecretRecords::encode() {
    std::string out;
    const auto put = [&out](const Sealed& value) {
        put_number(out, value.version);
        put_number(out, static_cast<std::uint32_t>(value.text.size()));
        out += value.text;
    };
    for (const auto& [name, entry] : entries_) {
        put_number(out, static_cast<unsigned char>(name.size()));
        out += name;
        const bool supplied = entry.supplied.there(), written = entry.written.there();
        put_number(out,
                   static_cast<unsigned char>((supplied ? has_supplied : 0) | (written ? has_written : 0)));
        if (supplied) put(entry.supplied);
        if (!written) continue;
        put(entry.written);
        out += entry.basis;
    }
    return close_box(keys_, header_, out);
}

void SecretRecords::decode(std::string_view content) {
    Reader in(content);
    const auto take = [&in](Sealed& value) {
        value.version = in.number<std::uint64_t>();
        const auto size = in.number<std::uint32_t>();
        if (size < seal_overhead) throw SecretsUnusable("is damaged: a value in it is incomplete");
        value.text = std::string(in.take(size));
    };
    while (!in.done()) {
        const std::string name(in.take(in.number<unsigned char>()));
        if (!storable_name(name)) throw SecretsUnusable("is damaged: it holds a name that cannot be");
        Entry& entry = entry_for(name);
        const auto roles = in.number<unsigned char>();
        if ((roles & has_supplied) != 0) take(entry.supplied);
        if ((roles & has_written) == 0) continue;
        take(entry.written);
        entry.basis = std::string(in.take(basis_size));
    }
}

}  // namespace wfc
