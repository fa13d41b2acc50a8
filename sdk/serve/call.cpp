#include "serve/call.hpp"

#include <stdexcept>

#include "host/component_host.hpp"
#include "host/host_document.hpp"
#include "serve/foreign_json.hpp"
#include "serve/line_reader.hpp"
#include "serve/random_name.hpp"
#include "wfc/view.hpp"

namespace wfc::serve {

namespace {

Call& of(const wfc_call* call) noexcept {
    return *static_cast<Call*>(call->ctx);
}

constexpr std::string_view too_long = "the result is longer than a line may be, 8 MiB, so it is not shown";

Result broken(std::string_view sentence, std::string_view outcome = "unknown") {
    return Call::without(WFC_INTERNAL, outcome, "host.contract_broken",
                         outcome == "unknown" ? "unknown" : "permanent", "after-fix", sentence);
}

}  // namespace

Call::Call(std::uint64_t id, Invoke asked, std::vector<std::string> ports, BlobFolder& folder,
           LineWriter& out)
    : id_(id),
      call_(asked.call.empty() ? random_name() : std::move(asked.call)),
      operation_(std::move(asked.operation)),
      input_(std::move(asked.input)),
      ports_(std::move(ports)),
      blobs_(folder, asked.blobs, asked.save),
      out_(out) {
    table_.struct_size = sizeof table_;
    table_.ctx = this;
    table_.id = view(call_);
    table_.operation = view(operation_);
    table_.input = view(input_);
    if (asked.timeout) {
        table_.deadline_ms =
            system_clock_table()->monotonic_ms(nullptr) + static_cast<std::uint64_t>(asked.timeout->count());
    }
    table_.result = {this, [](void* ctx, wfc_view bytes) noexcept {
                         return static_cast<Call*>(ctx)->append(text(bytes));
                     }};
    table_.cancelled = [](const wfc_call* call) noexcept -> int { return of(call).cancelled_ ? 1 : 0; };
    table_.open_blob = [](const wfc_call* call, wfc_view name, wfc_source* into) noexcept {
        return of(call).blobs_.open(text(name), into);
    };
    table_.emit_blob = [](const wfc_call* call, wfc_view name, wfc_view, wfc_sink* into) noexcept {
        return of(call).blobs_.emit(text(name), into);
    };
    table_.progress = [](const wfc_call* call, wfc_view event) noexcept {
        Call& self = of(call);
        try {
            std::string line = said_progress(self.id_, event_object(text(event)));
            if (!self.claimed_) self.out_.await_room();
            if (!self.claimed_) self.out_.write(std::move(line));
        } catch (...) {  // progress that cannot be said is silence
        }
    };
}

wfc_status Call::append(std::string_view bytes) try {
    // Escapes may make it longer, which is seen once it is a line.
    if (too_long_ || document_.size() + bytes.size() > longest_line) {
        too_long_ = true;
        return WFC_UNAVAILABLE;
    }
    document_.append(bytes);
    return WFC_OK;
} catch (...) {
    return WFC_UNAVAILABLE;
}

Result Call::without(wfc_status status, std::string_view outcome, std::string_view error,
                     std::string_view error_class, std::string_view advice, std::string_view sentence) {
    return {status,
            host_document(outcome, {error, "host", error_class, advice}, sentence),
            std::string(outcome),
            {}};
}

Result Call::finish(wfc_status status) try {
    if (too_long_) return broken(too_long);
    ResultDocument read = read_result(document_);
    Result out{status, std::move(read.text), std::move(read.outcome), {}};
    if (status == WFC_OK) out.blobs = blobs_.keep(id_);
    return out;
} catch (const std::invalid_argument& fault) {
    return broken("the component broke its contract: " + std::string(fault.what()));
} catch (const std::exception& defect) {
    return broken(defect.what());
}

void Call::say(const Result& result) {
    std::string line = said_result(id_, result, ports_);
    if (line.size() > longest_line) {
        const Result instead = broken(too_long, result.outcome.empty() ? "unknown" : result.outcome);
        line = said_result(id_, instead, ports_);
    }
    blobs_.give_back(true);  // first: from the result on the engine may use their names again
    out_.write(std::move(line));
}

void Call::refuse(const Refusal& refusal) {
    blobs_.give_back(false);
    out_.write(said_error(id_, refusal.error(), refusal.what()));
}

}  // namespace wfc::serve
