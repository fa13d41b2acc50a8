#include "operations/batch_row.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "crypto/digest.hpp"
#include "diagnosis/diagnosis.hpp"
#include "ledger/claim.hpp"
#include "operations/batch_row_text.hpp"
#include "operations/claimed_send.hpp"
#include "operations/course.hpp"
#include "operations/problem_facts.hpp"
#include "wfc/json.hpp"

namespace mailsend {

/// What a row's thread has in the place of the call: nobody is told of its progress, and what only the call's
/// own thread may do is asked of that. Lives on the row's thread; the batch's call outlives it.
class RowCall {
  public:
    RowCall(const BatchRows& rows, std::string id) : rows_(rows), id_(std::move(id)) {
        table_.struct_size = sizeof table_;
        table_.ctx = this;
        table_.id = wfc::view(id_);
        table_.operation = wfc::view("send");
        table_.deadline_ms = rows.invocation_.call.deadline_ms();
        table_.result = {nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_OK; }};
        table_.cancelled = [](const wfc_call* call) noexcept -> int { return of(call).stopped() ? 1 : 0; };
        table_.open_blob = [](const wfc_call* call, wfc_view name, wfc_source* out) noexcept -> wfc_status {
            try {
                return of(call).rows_.open_(name, out);
            } catch (...) {
                return WFC_INTERNAL;
            }
        };
        table_.emit_blob = [](const wfc_call*, wfc_view, wfc_view, wfc_sink*) noexcept -> wfc_status {
            return WFC_UNSUPPORTED;
        };
        table_.progress = [](const wfc_call*, wfc_view) noexcept {};
    }
    RowCall(const RowCall&) = delete;
    RowCall& operator=(const RowCall&) = delete;

    const wfc_call* table() const noexcept { return &table_; }
    bool stopped() const noexcept {
        return rows_.stopped_.load(std::memory_order_relaxed) || rows_.invocation_.call.cancelled();
    }

  private:
    static const RowCall& of(const wfc_call* call) noexcept { return *static_cast<RowCall*>(call->ctx); }

    const BatchRows& rows_;
    std::string id_;
    wfc_call table_{};
};

namespace {

constexpr std::size_t row_depth = 32;
constexpr int slice_ms = 100;

RowFate fate_of(const SendResult& result) noexcept {
    switch (result.verdict) {
        case Verdict::accepted:
            return result.duplicate ? RowFate::already_sent : RowFate::accepted;
        case Verdict::partial:
            return RowFate::partial;
        case Verdict::rejected:
            return RowFate::rejected;
        case Verdict::unknown:
            return RowFate::unknown;
        case Verdict::cancelled:
            return RowFate::not_attempted;
        default:
            return RowFate::failed;
    }
}

/// Where every row would have the same fault: in the settings, or in what the batch says of all.
bool of_the_batch(const wfc::Problem& problem) {
    return problem.status() != WFC_INVALID_INPUT || problem.pointer().starts_with("/message");
}

RowResult failed(const BatchLine& line, RowFate fate, Facts facts, const Reader& reader,
                 const std::string& own_key) {
    RowResult out{line.number, line.octets, fate};
    out.error = explained(std::move(facts), reader);
    if (fate != RowFate::not_attempted) out.text = row_text(line.number, fate, *out.error, own_key);
    return out;
}

}  // namespace

std::string_view to_string(RowFate fate) noexcept {
    constexpr std::string_view words[row_fates] = {"accepted", "already_sent", "partial", "rejected",
                                                   "failed",   "unknown",      "invalid", "not_attempted"};
    return words[static_cast<std::size_t>(fate)];
}

BatchRows::BatchRows(const Invocation& invocation, const BatchInput& input, BlobOpener open,
                     const std::atomic<bool>& stopped)
    : invocation_(invocation), input_(input), open_(std::move(open)), stopped_(stopped) {
    const Settings& settings = invocation.account.settings();
    parsed_.add(input.message);
    parsed_.add(*settings.message);
    if (settings.templates) parsed_.add(*settings.templates);
}

std::string BatchRows::key_of(const nlohmann::json& row, const std::string& own_key) const {
    // Without a key of the batch the row's own stands for itself, as that of `send` does.
    if (!own_key.empty() && !input_.idempotency_key) return own_key;
    const std::string batch = input_.idempotency_key.value_or(std::string(invocation_.call.id()));
    const std::string rest =
        own_key.empty() ? "row\n" + row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                        : "key\n" + own_key;
    return crypto::sha256_hex("send-batch\n" + std::to_string(batch.size()) + ":" + batch + "\n" + rest);
}

nlohmann::json BatchRows::payload_of(nlohmann::json row) const {
    if (input_.payload.is_null()) return row;
    const auto own = row.find("payload");
    if (own == row.end()) {
        row["payload"] = input_.payload;
    } else if (own->is_object() && input_.payload.is_object()) {
        for (const auto& [name, value] : input_.payload.items()) {
            if (!own->contains(name)) (*own)[name] = value;
        }
    }
    return row;
}

RowResult BatchRows::sent(const BatchLine& line, std::string& own_key) const {
    if (line.too_long)
        throw wfc::Problem(WFC_INVALID_INPUT, {},
                           "the row is longer than 1 MiB: larger content is an attachment");
    nlohmann::json row =
        wfc::parse_json(line.text, WFC_INVALID_INPUT, "row", {BatchLines::longest, row_depth});
    const Settings& settings = invocation_.account.settings();
    const std::string of_the_row = key_of(row, {});
    row = payload_of(std::move(row));
    Draft draft = parse_row(
        row, {input_.message, *settings.message, settings.from, settings.templates.get(), &parsed_});
    own_key = draft.terms.idempotency_key.value_or("");
    const std::string key = own_key.empty() ? of_the_row : key_of(row, own_key);
    draft.terms.idempotency_key.reset();
    if (input_.idempotency_key || !own_key.empty()) draft.terms.idempotency_key = key;
    draft.terms.on_unknown = input_.on_unknown;

    const RowCall own(*this, key);
    wfc::Call call(own.table());
    Invocation invocation{invocation_.account, invocation_.host, call,
                          patience_of(invocation_.account, invocation_.host, call),
                          invocation_.host.clock().monotonic_ms()};
    Composed composed = compose_draft(invocation, draft);
    SendResult result = claimed_and_sent(invocation, composed);
    RowResult out{line.number, line.octets, fate_of(result)};
    if (out.fate != RowFate::not_attempted) out.text = row_text(line.number, out.fate, result, own_key);
    out.nobody_has_it = result.accepted.empty() && result.unknown.empty();
    out.error = std::move(result.error);
    out.warnings = std::move(result.warnings);
    return out;
}

RowResult BatchRows::run(const BatchLine& line) const {
    // A batch is long, and a disk that is busy for some seconds in its midst must not end it.
    RowResult result = tried(line);
    for (const int pause_ms : {500, 1'000, 2'000}) {
        if (result.fate != RowFate::failed || !result.error ||
            result.error->facts.condition != "host.state" || !result.nobody_has_it)
            break;
        if (!paused(pause_ms)) break;
        result = tried(line);
    }
    return result;
}

/// False where it is to stop.
bool BatchRows::paused(int pause_ms) const {
    for (int slept_ms = 0; slept_ms < pause_ms; slept_ms += slice_ms) {
        if (stopped_.load(std::memory_order_relaxed) || invocation_.call.cancelled()) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(slice_ms));
    }
    return true;
}

RowResult BatchRows::tried(const BatchLine& line) const {
    const Reader reader = invocation_.account.reader();
    std::string own_key;
    const auto fail = [&](Facts facts) {
        return failed(line, RowFate::failed, std::move(facts), reader, own_key);
    };
    try {
        return sent(line, own_key);
    } catch (const wfc::Problem& problem) {
        const bool for_all = of_the_batch(problem);
        RowResult out =
            failed(line, for_all ? RowFate::failed : RowFate::invalid, facts_of(problem), reader, own_key);
        out.for_all = for_all;
        return out;
    } catch (const Failure& failure) {
        return fail(failure.facts());
    } catch (const Cancelled& cancelled) {
        return failed(line, RowFate::not_attempted, stopped(cancelled), reader, own_key);
    } catch (const net::TimedOut& late) {
        return fail(stopped(late));
    } catch (const SourceBroken& broken) {
        return fail(Failure(Stage::data, broken.condition(), broken.what()).at(broken.pointer()).facts());
    } catch (const wfc::StreamFailed& broken) {
        return fail(Failure(Stage::host, "host.files", broken.what()).facts());
    } catch (const std::exception& defect) {
        return fail(Failure(Stage::host, "component.internal", defect.what()).facts());
    }
}

}  // namespace mailsend
