#include "smtp/transaction.hpp"

#include <algorithm>

namespace mailsend::smtp {

bool too_many_recipients(const Reply& reply) {
    if (!reply.transient_negative()) return false;
    const std::optional<EnhancedStatus> status = reply.enhanced();
    return status ? *status == EnhancedStatus{4, 5, 3} : reply.code == 452;
}

void Transaction::answered(const Reply& reply) {
    if (recipient_replies.empty()) recipient_replies.reserve(forward_paths.size());
    const bool again = !recipient_replies.empty() && *recipient_replies.back() == reply;
    recipient_replies.push_back(again ? recipient_replies.back() : Shared<Reply>(reply));
}

bool Transaction::left_over(std::size_t place) const {
    if (place >= forward_paths.size()) return true;
    if (!full) return false;
    if (place >= asked) return true;
    if (place >= recipient_replies.size() || !too_many_recipients(*recipient_replies[place])) return false;
    const auto own = recipient_replies.begin() + static_cast<std::ptrdiff_t>(place);
    return std::any_of(recipient_replies.begin(), own,
                       [](const auto& reply) { return reply->positive_completion(); });
}

std::vector<std::size_t> Transaction::not_refused() const {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < forward_paths.size(); ++place) {
        const bool answered = place < recipient_replies.size();
        if (left_over(place) || (answered && !recipient_replies[place]->positive_completion())) continue;
        places.push_back(place);
    }
    return places;
}

bool Transaction::decided() const noexcept {
    if (done || refusal) return true;
    if (all_or_nothing && course.accepted < course.answered) return true;
    return asked == forward_paths.size() && course.answered == asked && course.accepted == 0 && asked > 0;
}

void Transaction::forget() noexcept {
    begun = mail_answered = body_begun = end_of_data_begun = shut_out = done = false;
    asked = 0;
    recipient_replies.clear();
    full.reset();
    refusal.reset();
    accepted_by.reset();
    refused_at = stage = Stage::mail;
    course = {};
}

}  // namespace mailsend::smtp
