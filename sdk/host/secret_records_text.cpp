// The content of the store as bytes: for each name its length and text, a byte of roles, and for each role
// its version, length and sealed text; a written value is followed by its digest.
#include "host/secret_file.hpp"
#include "host/secret_records.hpp"

namespace wfc {

namespace {

constexpr unsigned has_supplied = 1, has_written = 2;  // 2 for the first source, then 4 and 8
constexpr unsigned known_roles = 15;
constexpr std::size_t digest_size = 32;

[[noreturn]] void damaged(const char* what) {
    throw SecretsUnusable(std::string("is damaged: ") + what + "; put a back-up in its place");
}

/// Takes the content of the box apart. It is authentic; what is wrong in it was written by a defect.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}
    bool done() const noexcept { return rest_.empty(); }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) damaged("a value in it is incomplete");
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
        unsigned roles = entry.supplied.there() ? has_supplied : 0;
        for (std::size_t at = 0; at < sources; ++at)
            if (entry.written[at].there()) roles |= has_written << at;
        put_number(out, static_cast<unsigned char>(roles));
        if (entry.supplied.there()) put(entry.supplied);
        for (const Written& value : entry.written) {
            if (!value.there()) continue;
            put(value);
            out += value.digest;
        }
    }
    header_.written = any_written();
    return close_box(keys_, header_, out);
}

void SecretRecords::decode(std::string_view content) {
    Reader in(content);
    const auto take = [&in](Sealed& value) {
        value.version = in.number<std::uint64_t>();
        const auto size = in.number<std::uint32_t>();
        if (size < seal_overhead) damaged("a value in it is incomplete");
        value.text = std::string(in.take(size));
    };
    while (!in.done()) {
        const std::string name(in.take(in.number<unsigned char>()));
        if (!storable_name(name)) damaged("it holds a name that cannot be");
        if (find(name) != nullptr) damaged("it holds a name twice");
        const unsigned roles = in.number<unsigned char>();
        if (roles == 0 || roles > known_roles) damaged("it holds a value of an unknown kind");
        Entry& entry = entry_for(name);
        if ((roles & has_supplied) != 0) take(entry.supplied);
        for (std::size_t at = 0; at < sources; ++at) {
            if ((roles & has_written << at) == 0) continue;
            take(entry.written[at]);
            entry.written[at].digest = std::string(in.take(digest_size));
        }
    }
}

}  // namespace wfc
