#include "bench/soak/worker_tally.hpp"

#include <nlohmann/json.hpp>

namespace bench {

bool WorkerTally::count(const std::string& document, bool repeated) {
    const auto parsed = nlohmann::json::parse(document, nullptr, false);
    if (!parsed.is_object()) {
        odd("no result document: " + document);
        return false;
    }
    const std::string outcome = parsed.value("outcome", "");
    const bool duplicate = parsed.value("duplicate", false);
    if (parsed.value("attempts", nlohmann::json::array()).size() > 1) ++tried_again_;
    if (repeated) {
        if (duplicate && outcome == "accepted") {
            ++duplicates_;
        } else {
            odd("the key of an accepted message, and not told as a duplicate: " + document);
        }
        return false;
    }
    if (duplicate) odd("a new key, and told as a duplicate: " + document);
    sent_recipients_ += parsed.value("accepted", nlohmann::json::array()).size();
    unknown_recipients_ += parsed.value("unknown", nlohmann::json::array()).size();
    if (outcome == "accepted") {
        ++accepted_;
        return true;
    }
    if (outcome == "partial") {
        ++partial_;
    } else if (outcome == "rejected") {
        ++rejected_;
    } else if (outcome == "unknown") {
        ++unknown_;
    } else if (outcome == "failed" && parsed.value("/error/stage"_json_pointer, "") != "host") {
        ++failed_;
    } else {
        odd("not what a fault of the server leads to: " + document);
    }
    return false;
}

void WorkerTally::odd(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (odd_++ == 0) first_odd_ = sentence;
}

std::string WorkerTally::summary() const {
    return std::to_string(accepted_) + " accepted, " + std::to_string(partial_) + " partial, " +
           std::to_string(rejected_) + " rejected, " + std::to_string(failed_) + " failed, " +
           std::to_string(unknown_) + " unknown, " + std::to_string(tried_again_) +
           " of them tried more than once; " + std::to_string(duplicates_) + " duplicates told";
}

std::vector<std::string> WorkerTally::complaints(std::uint64_t taken) const {
    std::vector<std::string> all;
    const std::uint64_t sent = sent_recipients_, unknown = unknown_recipients_;
    if (taken < sent)
        all.push_back(std::to_string(sent) + " recipients told as accepted, but only " +
                      std::to_string(taken) + " got something");
    if (taken > sent + unknown)
        all.push_back(std::to_string(taken) + " recipients got something, but only " + std::to_string(sent) +
                      " are told as accepted and " + std::to_string(unknown) + " as unknown");
    if (odd_ > 0) all.push_back(std::to_string(odd_) + " odd results; the first: " + first_odd_);
    return all;
}

}  // namespace bench
