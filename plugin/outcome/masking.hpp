/// What must not travel with the facts of a failure.
///
/// Guarantees: a server's words, our sentence and the values of places hold no credentials afterwards, and no
/// third party's address where a mask says so. Codes, stages and conditions stay as they are.
#pragma once

#include "outcome/address_mask.hpp"
#include "outcome/failure.hpp"

namespace mailsend {

/// `facts` and what led to them; `addresses` may be null: all of them stay.
Facts masked(Facts facts, const AddressMask* addresses);

/// The lines of `reply` in the same way.
Reply masked(Reply reply, const AddressMask* addresses);

}  // namespace mailsend
