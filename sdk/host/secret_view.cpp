#include "host/secret_view.hpp"

#include "wfc/json.hpp"
#include "wfc/view.hpp"

namespace wfc {

namespace {

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

std::set<std::string, std::less<>> secret_names(std::string_view settings_json) {
    std::set<std::string, std::less<>> out;
    try {
        // At least as deep as any host takes documents from others: what a component accepts is its own
        // affair.
        constexpr JsonBounds bounds{JsonBounds{}.bytes, 64};
        collect(parse_json(settings_json, WFC_INVALID_SETTINGS, "settings", bounds), out);
    } catch (const Problem&) {  // the component says what is wrong with its settings
    }
    return out;
}

template <class Work>
wfc_status SecretView::allowed(std::string_view name, Work work) noexcept try {
    return allowed_.count(name) == 0 ? WFC_DENIED : work(*this);
} catch (...) {
    return WFC_UNAVAILABLE;
}

SecretView::SecretView(SecretStore& store, std::set<std::string, std::less<>> allowed)
    : store_(store), allowed_(std::move(allowed)) {
    table_ = {sizeof table_,
              0,
              this,
              [](void* ctx, wfc_view name, wfc_sink value) noexcept -> wfc_status {
                  return static_cast<SecretView*>(ctx)->allowed(
                      text(name), [&](SecretView& self) { return self.get(text(name), value); });
              },
              [](void* ctx, wfc_view name, wfc_view value) noexcept -> wfc_status {
                  return static_cast<SecretView*>(ctx)->allowed(text(name), [&](SecretView& self) {
                      self.keep(text(value));
                      return self.changed(text(name), self.store_.put(text(name), SecretString(text(value)),
                                                                      self.basis(text(name))));
                  });
              },
              [](void* ctx, wfc_view name) noexcept -> wfc_status {
                  return static_cast<SecretView*>(ctx)->allowed(text(name), [&](SecretView& self) {
                      return self.changed(text(name), self.store_.erase(text(name), self.basis(text(name))));
                  });
              }};
}

std::vector<std::string> SecretView::missing() const {
    const std::lock_guard lock(mutex_);
    return {missing_.begin(), missing_.end()};
}

std::vector<std::string> SecretView::troubles() const {
    const std::lock_guard lock(mutex_);
    return {troubles_.begin(), troubles_.end()};
}

wfc_status SecretView::get(std::string_view name, wfc_sink value) {
    const SecretAnswer answer = store_.get(name);
    if (answer.status == WFC_NOT_FOUND) {
        const std::lock_guard lock(mutex_);
        missing_.emplace(name);
    } else if (answer.status == WFC_OK) {
        forget(name);
    }
    const wfc_status status = noted(name, answer);
    if (status == WFC_OK) keep(answer.value.reveal());
    return status == WFC_OK ? value.write(value.ctx, view(answer.value.reveal())) : status;
}

void SecretView::keep(std::string_view value) {
    constexpr std::size_t most = 1024;  // of one call: a token is renewed a few times at most
    const std::lock_guard lock(mutex_);
    if (!keeps_ || values_.size() >= most) return;
    for (const SecretString& each : values_) {
        if (each.reveal() == value) return;
    }
    values_.emplace_back(value);
}

void SecretView::passed(const std::function<void(std::string_view)>& use) const {
    const std::lock_guard lock(mutex_);
    for (const SecretString& value : values_) use(value.reveal());
}

wfc_status SecretView::noted(std::string_view name, const SecretAnswer& answer) {
    const std::lock_guard lock(mutex_);
    if (!answer.trouble.empty()) troubles_.insert(answer.trouble);
    if (!answer.basis.empty()) bases_.insert_or_assign(std::string(name), answer.basis);
    return answer.status;
}

wfc_status SecretView::changed(std::string_view name, const SecretAnswer& answer) {
    if (answer.status == WFC_OK) forget(name);
    return noted(name, answer);
}

void SecretView::forget(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto found = missing_.find(name); found != missing_.end()) missing_.erase(found);
}

std::string SecretView::basis(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = bases_.find(name);
    return found == bases_.end() ? std::string() : found->second;
}

}  // namespace wfc
