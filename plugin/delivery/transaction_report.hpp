/// What was said and answered in a transaction, as a report: who has it, who was refused and by what.
///
/// Guarantees: an answered transaction counts, whatever the server did afterwards; without an answer to the
/// end of data the verdict is unknown. Pure.
#pragma once

#include <functional>

#include "delivery/smtp_transport.hpp"
#include "delivery/transport.hpp"
#include "smtp/transaction.hpp"

namespace mailsend::delivery {

/// For `places` of the envelope.
smtp::Transaction transaction_for(const Message& message, const std::vector<std::size_t>& places,
                                  Partial on_partial);

/// Adds to a refusal what is known of the server.
using Told = std::function<Facts(Facts)>;

/// Sets verdict, reply, facts, recipients and left_over of `report`, whose verdict and facts tell what ended
/// a transaction that was not answered to its end. The transaction was made for the first of `places`.
void judge(Report& report, const smtp::Transaction& transaction, const std::vector<std::size_t>& places,
           Partial on_partial, const Told& told);

/// Verdict and facts by recipients, none of whom is unknown: why is told by the first who was refused, else
/// by the first who has facts.
void sum_up(Report& report, Partial on_partial);

}  // namespace mailsend::delivery
