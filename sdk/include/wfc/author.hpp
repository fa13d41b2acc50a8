/// Writing a component in C++17: derive from Component, name it in WFC_MODULE.
///
/// Guarantees: no exception crosses the ABI; every invocation writes exactly one result document; a component
/// that failed to configure keeps its previous settings if its `configure` has the strong guarantee. Starts
/// no threads.
#pragma once

#include <atomic>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>

#include "wfc/host.hpp"
#include "wfc/problem.hpp"

namespace wfc {

/// One invocation, valid until `invoke` returns. Owned by the thread that runs it; `cancelled` may be asked
/// from any.
class Call {
  public:
    explicit Call(const wfc_call* call) noexcept : call_(call) {}

    std::string_view id() const noexcept { return text(call_->id); }
    std::string_view operation() const noexcept { return text(call_->operation); }
    std::string_view input() const noexcept { return text(call_->input); }
    /// On the host clock's monotonic scale; 0 means the component's own limit.
    std::uint64_t deadline_ms() const noexcept { return call_->deadline_ms; }
    bool cancelled() const noexcept { return call_->cancelled(call_) != 0; }

    /// Opens a blob of the input. Throws StreamFailed with the host's status.
    Source open_blob(std::string_view name) const {
        wfc_source opened{};
        const wfc_status status = call_->open_blob(call_, view(name), &opened);
        if (status != WFC_OK) throw StreamFailed(status, "the host has no such blob");
        return Source(opened);
    }
    /// Opens a sink for a blob of the result. Throws StreamFailed.
    wfc_sink emit_blob(std::string_view name, std::string_view media_type) const {
        wfc_sink sink{};
        const wfc_status status = call_->emit_blob(call_, view(name), view(media_type), &sink);
        if (status != WFC_OK) throw StreamFailed(status, "the host takes no such blob");
        return sink;
    }
    void progress(std::string_view event_json) const noexcept { call_->progress(call_, view(event_json)); }

    /// Writes the result document; the second call and every later one is ignored. Throws StreamFailed.
    void result(std::string_view document) {
        if (answered_) return;
        answered_ = true;
        write(call_->result, document);
    }
    bool answered() const noexcept { return answered_; }

    /// For services of the host that ask which call it is.
    const wfc_call* table() const noexcept { return call_; }

  private:
    const wfc_call* call_;
    bool answered_ = false;
};

/// Base of a component type. Derived classes take `(const wfc_host*)` and do nothing with the host before
/// `configure`.
class Component {
  public:
    virtual ~Component() = default;
    /// Takes new settings or throws Problem and keeps the old ones. Nothing else of this component runs
    /// meanwhile.
    virtual void configure(std::string_view settings_json) = 0;
    /// Runs one operation. Concurrent when the manifest says so. Throws Problem for invalid input.
    virtual wfc_status invoke(Call& call) = 0;
    /// Drops what is kept between invocations.
    virtual void quiesce() {}
    virtual const void* extension(std::string_view /*id*/) const noexcept { return nullptr; }
    /// The document of an exception that left `configure` or `invoke`; a component that explains its errors
    /// overrides it.
    virtual std::string document(const Problem& problem) const {
        return plain_document(problem.pointer(), problem.what());
    }

    /// `{"format":1,"outcome":"failed","error":{…}}` with nothing but a pointer and a sentence.
    static std::string plain_document(std::string_view pointer, std::string_view sentence) {
        std::string out = R"({"format":1,"outcome":"failed","error":{)";
        if (!pointer.empty()) out += "\"pointer\":" + quoted(pointer) + ",";
        return out + "\"message\":" + quoted(sentence) + "}}";
    }

    /// A JSON string: quotes, backslashes and control characters escaped, what is not UTF-8 replaced by
    /// U+FFFD.
    static std::string quoted(std::string_view raw) {
        std::string out = "\"";
        while (!raw.empty()) {
            const auto byte = static_cast<unsigned char>(raw.front());
            const std::size_t length = utf8_length(raw);
            if (length == 0) {
                out += "\\ufffd";
            } else if (byte == '"' || byte == '\\') {
                out.append(1, '\\').append(1, raw.front());
            } else if (byte < 0x20) {
                char escaped[8];
                std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(byte));
                out += escaped;
            } else {
                out.append(raw.substr(0, length));
            }
            raw.remove_prefix(length == 0 ? 1 : length);
        }
        return out + '"';
    }

  private:
    /// Bytes of the character that `raw` begins with; 0 when those bytes are no character (RFC 3629).
    static std::size_t utf8_length(std::string_view raw) noexcept {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(raw[i]); };
        const unsigned char first = byte(0);
        if (first < 0x80) return 1;
        const std::size_t length = first < 0xC2   ? 0
                                   : first < 0xE0 ? 2
                                   : first < 0xF0 ? 3
                                   : first < 0xF5 ? 4
                                                  : 0;
        if (length == 0 || raw.size() < length) return 0;
        for (std::size_t i = 1; i < length; ++i) {
            if ((byte(i) & 0xC0) != 0x80) return 0;
        }
        const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
        const bool surrogate = first == 0xED && byte(1) >= 0xA0;
        const bool beyond = first == 0xF4 && byte(1) >= 0x90;
        return overlong || surrogate || beyond ? 0 : length;
    }
};

/// Runs `work`; turns what it throws into a status, and into a document given to `answer(document)`.
template <class Work, class Answer>
wfc_status guarded(const Component& component, Work&& work, Answer&& answer) noexcept {
    const auto say = [&](std::string_view document) noexcept {
        try {
            answer(document);
        } catch (...) {  // the sink is gone: the status still tells the host
        }
    };
    try {
        try {
            return work();
        } catch (const Problem& problem) {
            const std::string document = component.document(problem);
            say(document);
            return problem.status();
        } catch (const ServiceFailed& failure) {
            say(Component::plain_document({}, failure.what()));
            return WFC_FAILED;
        } catch (const StreamFailed& failure) {
            say(Component::plain_document({}, failure.what()));
            return WFC_FAILED;
        } catch (const std::exception& defect) {
            say(Component::plain_document({}, std::string("a defect of the component: ") + defect.what()));
            return WFC_INTERNAL;
        }
    } catch (...) {  // no memory, or not an exception of the library: words that need neither
        say(R"({"format":1,"outcome":"failed","error":{"message":"a defect of the component"}})");
        return WFC_INTERNAL;
    }
}

namespace detail {

/// A Component behind the C table.
struct Adapter {
    wfc_component table;
    std::unique_ptr<Component> component;
};

inline Component& component_of(wfc_component* table) noexcept {
    return *static_cast<Adapter*>(table->self)->component;
}

inline wfc_status WFC_CALL configure(wfc_component* self, wfc_view settings, wfc_sink problem) noexcept {
    Component& component = component_of(self);
    return guarded(
        component,
        [&] {
            component.configure(text(settings));
            return WFC_OK;
        },
        [&](std::string_view document) { write(problem, document); });
}

inline wfc_status WFC_CALL invoke(wfc_component* self, const wfc_call* raw) noexcept {
    if (raw == nullptr || !WFC_HAS(raw, wfc_call, progress))
        return WFC_UNSUPPORTED;  // not even a call of ABI 1.0
    Component& component = component_of(self);
    Call call(raw);
    return guarded(
        component,
        [&] {
            const wfc_status status = component.invoke(call);
            if (!call.answered()) throw std::logic_error("the operation wrote no result document");
            return status;
        },
        [&](std::string_view document) { call.result(document); });
}

inline void WFC_CALL quiesce(wfc_component* self) noexcept {
    try {
        component_of(self).quiesce();
    } catch (...) {  // there is nobody to tell; what could not be let go stays until the next call
    }
}

inline const void* WFC_CALL extension(const wfc_component* self, const char* id) noexcept {
    return id == nullptr ? nullptr : static_cast<Adapter*>(self->self)->component->extension(id);
}

inline void WFC_CALL destroy(wfc_component* self) noexcept {
    delete static_cast<Adapter*>(self->self);
}

}  // namespace detail

/// One component type of a module: its id and how to make it.
struct Type {
    std::string_view id;
    std::unique_ptr<Component> (*make)(const wfc_host*);
};

/// A Type for class `C`, constructed as `C(host)`.
template <class C>
constexpr Type type(std::string_view id) {
    return {id, [](const wfc_host* host) -> std::unique_ptr<Component> { return std::make_unique<C>(host); }};
}

/// Creates the type named `id`; WFC_UNSUPPORTED and a null `*out` when `types` has none such.
template <std::size_t N>
wfc_status create(const Type (&types)[N], wfc_view id, const wfc_host* host, wfc_component** out) noexcept {
    if (out == nullptr) return WFC_UNSUPPORTED;
    *out = nullptr;
    if (host == nullptr || !WFC_HAS(host, wfc_host, service) || host->service == nullptr)
        return WFC_UNSUPPORTED;
    for (const Type& candidate : types) {
        if (candidate.id != text(id)) continue;
        try {
            auto adapter = std::make_unique<detail::Adapter>();
            adapter->component = candidate.make(host);
            adapter->table = {sizeof(wfc_component), WFC_ABI_MINOR,   adapter.get(),     detail::configure,
                              detail::invoke,        detail::quiesce, detail::extension, detail::destroy};
            *out = &adapter.release()->table;
            return WFC_OK;
        } catch (...) {
            return WFC_INTERNAL;
        }
    }
    return WFC_UNSUPPORTED;
}

}  // namespace wfc

/// Defines the module's one exported symbol. `manifest` is a function returning the embedded component.json
/// as a std::string_view; the rest are `wfc::type<Class>("id")`.
#define WFC_MODULE(manifest, ...)                                                               \
    extern "C" WFC_EXPORT const wfc_module* WFC_CALL wfc_module_v1(void) WFC_NOEXCEPT {         \
        static constexpr wfc_module table = {                                                   \
            sizeof(wfc_module),                                                                 \
            WFC_ABI_MAJOR,                                                                      \
            WFC_ABI_MINOR,                                                                      \
            0,                                                                                  \
            []() noexcept -> wfc_view { return wfc::view(manifest()); },                        \
            [](wfc_view id, const wfc_host* host, wfc_component** out) noexcept -> wfc_status { \
                static constexpr wfc::Type types[] = {__VA_ARGS__};                             \
                return wfc::create(types, id, host, out);                                       \
            }};                                                                                 \
        return &table;                                                                          \
    }
