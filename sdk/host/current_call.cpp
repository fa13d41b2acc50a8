#include "host/current_call.hpp"

namespace wfc {

namespace {

thread_local const CallNames* current = nullptr;

}  // namespace

CurrentCall::CurrentCall(const CallNames& names) noexcept : names_(names), outer_(current) {
    current = &names_;
}

CurrentCall::~CurrentCall() {
    current = outer_;
}

const CallNames* CurrentCall::get() noexcept {
    return current;
}

}  // namespace wfc
