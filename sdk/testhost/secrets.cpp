#include "testhost/secrets.hpp"

#include "wfc/view.hpp"

namespace wfc::testhost {

namespace {

MemorySecrets& of(void* ctx) noexcept {
    return *static_cast<MemorySecrets*>(ctx);
}

}  // namespace

MemorySecrets::MemorySecrets() {
    table_ = {sizeof table_,
              0,
              this,
              [](void* ctx, wfc_view name, wfc_sink sink) noexcept -> wfc_status {
                  std::string value;
                  const wfc_status status = of(ctx).get(text(name), value);
                  return status == WFC_OK ? sink.write(sink.ctx, view(value)) : status;
              },
              [](void* ctx, wfc_view name, wfc_view value) noexcept -> wfc_status {
                  return of(ctx).put(text(name), text(value));
              },
              [](void* ctx, wfc_view name) noexcept -> wfc_status { return of(ctx).erase(text(name)); }};
}

void MemorySecrets::supply(const std::string& name, const std::string& value) {
    const std::lock_guard lock(mutex_);
    Secret& secret = values_[name];
    if (secret.supplied != value) secret.written.reset();
    secret.supplied = value;
    secret.status = WFC_OK;
}

void MemorySecrets::fail_get(const std::string& name, wfc_status status) {
    const std::lock_guard lock(mutex_);
    values_[name].status = status;
}

void MemorySecrets::fail_writes(wfc_status status) {
    const std::lock_guard lock(mutex_);
    write_status_ = status;
}

std::vector<std::string> MemorySecrets::asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
}

std::vector<SecretWrite> MemorySecrets::writes() const {
    const std::lock_guard lock(mutex_);
    return writes_;
}

wfc_status MemorySecrets::get(std::string_view name, std::string& value) {
    const std::lock_guard lock(mutex_);
    asked_.emplace_back(name);
    Secret& secret = values_[std::string(name)];
    if (secret.status != WFC_OK) return secret.status;
    secret.answered = secret.supplied;
    if (!secret.written && !secret.supplied) return WFC_NOT_FOUND;
    value = secret.written ? *secret.written : *secret.supplied;
    return WFC_OK;
}

wfc_status MemorySecrets::put(std::string_view name, std::string_view value) {
    const std::lock_guard lock(mutex_);
    writes_.push_back({std::string(name), std::string(value)});
    if (write_status_ != WFC_OK) return write_status_;
    Secret& secret = values_[std::string(name)];
    if (secret.answered && *secret.answered != secret.supplied) return WFC_CONFLICT;
    secret.written = value;
    return WFC_OK;
}

wfc_status MemorySecrets::erase(std::string_view name) {
    const std::lock_guard lock(mutex_);
    writes_.push_back({std::string(name), std::nullopt});
    if (write_status_ != WFC_OK) return write_status_;
    const auto found = values_.find(name);
    if (found == values_.end()) return WFC_NOT_FOUND;
    Secret& secret = found->second;
    if (secret.answered && *secret.answered != secret.supplied) return WFC_CONFLICT;
    if (!secret.written) return WFC_NOT_FOUND;
    secret.written.reset();
    return WFC_OK;
}

}  // namespace wfc::testhost
