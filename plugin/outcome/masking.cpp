#include "outcome/masking.hpp"

#include "outcome/credential_text.hpp"

namespace mailsend {
namespace {

constexpr int most_causes = 4;

void mask(std::string& text, const AddressMask* addresses) {
    text = without_credentials(text);
    if (addresses != nullptr) text = addresses->applied(text);
}

Facts masked_with_causes(Facts facts, const AddressMask* addresses, int room) {
    if (facts.reply) facts.reply = masked(std::move(*facts.reply), addresses);
    mask(facts.sentence, addresses);
    mask(facts.challenge, addresses);
    for (auto& [name, value] : facts.details) mask(value, addresses);
    if (facts.cause && room > 0)
        facts.cause = std::make_shared<const Facts>(masked_with_causes(*facts.cause, addresses, room - 1));
    return facts;
}

}  // namespace

Facts masked(Facts facts, const AddressMask* addresses) {
    return masked_with_causes(std::move(facts), addresses, most_causes);
}

Reply masked(Reply reply, const AddressMask* addresses) {
    for (std::string& line : reply.lines) mask(line, addresses);
    return reply;
}

}  // namespace mailsend
