#include "operations/batch_tally.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "outcome/document.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;

bool good(RowFate fate) noexcept {
    return fate == RowFate::accepted || fate == RowFate::already_sent;
}

/// The server did not get as far as an answer to what is the row's own: its recipients and its content.
bool before_the_row(const Error& error) noexcept {
    switch (error.facts.stage) {
        case Stage::rcpt:
        case Stage::data:
        case Stage::dot:
        case Stage::quit:
        case Stage::input:
            return false;
        case Stage::host:  // the ledger cannot be written; not: this row's time was over, its file broke
            return error.facts.condition == "host.state";
        default:
            return true;
    }
}

/// Nothing that a second try of another row could change.
bool certain(const Error& error) noexcept {
    if (error.diagnosis.penalty || error.facts.condition.starts_with("limit.")) return true;
    const bool permanent = error.diagnosis.error_class == ErrorClass::permanent;
    return permanent && error.facts.stage != Stage::mail && error.facts.stage != Stage::host;
}

}  // namespace

void BatchTally::add(RowResult result) {
    ++done_;
    ++count(result.fate);
    judge(result);
    note(result);
    for (std::string& warning : result.warnings) {
        const bool known = std::find(warnings_.begin(), warnings_.end(), warning) != warnings_.end();
        if (!known && warnings_.size() < most_warnings) warnings_.push_back(std::move(warning));
    }
}

void BatchTally::note(const RowResult& result) {
    if (good(result.fate)) return;
    if (!result.text.empty() && first_rows_.size() < most_first_rows) first_rows_.push_back(result.text);
    if (!result.error || result.fate == RowFate::not_attempted) return;
    const auto same = std::find_if(troubles_.begin(), troubles_.end(), [&](const Trouble& trouble) {
        return trouble.error.diagnosis.id == result.error->diagnosis.id &&
               trouble.error.facts.stage == result.error->facts.stage &&
               trouble.error.facts.pointer == result.error->facts.pointer;
    });
    if (same != troubles_.end()) {
        ++same->rows;
        same->first_row = std::min(same->first_row, result.number);
    } else if (troubles_.size() < most_troubles) {
        troubles_.push_back({*result.error, 1, result.number});
    } else {
        ++other_troubles_;
    }
}

void BatchTally::judge(const RowResult& result) {
    if (result.fate == RowFate::invalid || result.fate == RowFate::not_attempted ||
        result.fate == RowFate::already_sent)
        return;  // the server was not asked
    if (result.for_all && result.error) return end_with(*result.error);
    const bool refused = result.fate == RowFate::failed || result.fate == RowFate::rejected;
    if (!refused || !result.error || !before_the_row(*result.error)) {
        in_turn_ = 0;
        return;
    }
    if (certain(*result.error) || ++in_turn_ >= most_in_turn) end_with(*result.error);
}

void BatchTally::end_with(Error error) {
    if (!ended_by_) ended_by_ = std::move(error);
}

std::uint64_t BatchTally::total() const noexcept {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t BatchTally::not_well() const noexcept {
    return total() - of(RowFate::accepted) - of(RowFate::already_sent);
}

Verdict BatchTally::verdict() const noexcept {
    if (not_well() == 0 && !ended_by_) return Verdict::accepted;
    if (of(RowFate::accepted) + of(RowFate::already_sent) + of(RowFate::partial) > 0) return Verdict::partial;
    if (of(RowFate::unknown) > 0) return Verdict::unknown;
    if (of(RowFate::rejected) > 0 && !ended_by_) return Verdict::rejected;
    return Verdict::failed;
}

const Error* BatchTally::error() const noexcept {
    if (ended_by_) return &*ended_by_;
    return troubles_.empty() ? nullptr : &troubles_.front().error;
}

Json BatchTally::document() const {
    Json out{{"total", total()}};
    for (std::size_t i = 0; i < row_fates; ++i)
        out[std::string(to_string(static_cast<RowFate>(i)))] = counts_[i];
    if (!troubles_.empty()) {
        Json troubles = Json::array();
        for (const Trouble& trouble : troubles_)
            troubles.push_back({{"rows", trouble.rows},
                                {"first_row", trouble.first_row},
                                {"error", to_json(trouble.error)}});
        out["troubles"] = std::move(troubles);
    }
    if (other_troubles_ > 0) out["other_troubles"] = other_troubles_;
    if (!first_rows_.empty()) {
        Json rows = Json::array();
        for (const std::string& row : first_rows_) rows.push_back(Json::parse(row, nullptr, false));
        out["first_rows"] = std::move(rows);
    }
    return out;
}

}  // namespace mailsend
