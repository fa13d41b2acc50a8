/// The same refusal as another server, on another day, would word it.
///
/// What carries the meaning stays: codes, enhanced codes, addresses of web pages, marks such as [TSS04], the
/// name of the provider in hosts. Everything else that differs from one reply to the next is rewritten.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "outcome/reply.hpp"

namespace mailsend::variants {

std::string upper(std::string text);
std::string lower(std::string text);
/// Other ids, dates, times, hosts, addresses, numbers of seconds and sizes.
std::string rewritten(const std::string& text);

/// A reply's words changed by `change`, its codes as they are.
Reply changed(const Reply& reply, const std::function<std::string(std::string)>& change);
/// All on one line.
Reply unfolded(const Reply& reply);
/// On up to `lines` lines, each with the code, and with the enhanced code where the reply has one.
Reply folded(const Reply& reply, std::size_t lines);

struct Variant {
    std::string name;
    Reply reply;
};

/// All of them, the reply itself first.
std::vector<Variant> of(const Reply& reply);

}  // namespace mailsend::variants
