#include "ledger/shelf.hpp"

#include <stdexcept>

namespace mailsend::ledger {

namespace {

[[noreturn]] void fail(const wfc::ServiceFailed& failure) {
    if (failure.status() == WFC_UNSUPPORTED) throw NotOffered();
    throw Failure(Stage::host, "host.state",
                  std::string("the ledger could not be used: ") + failure.what() +
                      " (look in the engine's log: disk full, locked, damaged)");
}

}  // namespace

std::optional<wfc::State::Value> Shelf::look() const {
    try {
        return state_.get(key_);
    } catch (const wfc::ServiceFailed& failure) {
        fail(failure);
    }
}

Found Shelf::checked(const wfc::State::Value& value) const {
    try {
        return {read_record(value.bytes), value.version};
    } catch (const std::invalid_argument& why) {
        throw Failure(Stage::host, "host.state",
                      "the ledger's record of this message (\"" + key_ + "\" in the host's state store) " +
                          why.what() +
                          ": find out whether the message arrived; if it did not, send it with another "
                          "/idempotency_key, or remove the record")
            .with("record", key_);
    }
}

std::optional<Found> Shelf::read() const {
    const auto value = look();
    return value ? std::optional(checked(*value)) : std::nullopt;
}

Placed Shelf::replace(const Record& record, std::uint64_t version) const {
    const std::string bytes = written(record);
    const auto found = [&](const std::optional<wfc::State::Value>& value) -> Placed {
        if (!value) return {};
        // Ours: the answer to an earlier try was lost.
        if (value->bytes == bytes) return {value->version, std::nullopt};
        return {0, checked(*value)};
    };
    try {
        const auto now = state_.put(key_, bytes, version, ttl_ms(record, retention_ms_));
        if (now) return {*now, std::nullopt};
    } catch (const wfc::ServiceFailed& failure) {
        if (failure.status() != WFC_UNAVAILABLE) fail(failure);
        const auto value = look();
        const bool untouched = value ? value->version == version : version == 0;
        if (untouched) fail(failure);
        return found(value);
    }
    return found(look());
}

}  // namespace mailsend::ledger
