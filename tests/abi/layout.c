/* Freezes the layout of ABI 1.0 for LP64. One source for C99, C11, C17 and C++11, C++17, C++20: compiling it
 * is the test, and each build prints the same table. Only a new member at the end of a struct (a new minor)
 * may add lines here; none may change. */
#include <stdio.h>

#include "wfc/component.h"

/* C99 has no static assertion: an array of negative size says as much. */
#define FROZEN(name, condition) typedef char frozen_##name[(condition) ? 1 : -1]

/* clang-format off */
#define SIZES(X) \
    X(wfc_view, 16) X(wfc_sink, 16) X(wfc_source, 40) X(wfc_host, 40) X(wfc_call, 120) \
    X(wfc_component, 56) X(wfc_module, 32) X(wfc_log, 32) X(wfc_clock, 40) X(wfc_secrets, 40) \
    X(wfc_state, 48) X(wfc_files, 24) X(wfc_prompt, 24) X(wfc_egress, 24)

#define OFFSETS(X) \
    X(wfc_view, data, 0) X(wfc_view, size, 8) \
    X(wfc_sink, ctx, 0) X(wfc_sink, write, 8) \
    X(wfc_source, ctx, 0) X(wfc_source, read, 8) X(wfc_source, size, 16) X(wfc_source, rewind, 24) \
    X(wfc_source, close, 32) \
    X(wfc_host, struct_size, 0) X(wfc_host, abi_minor, 4) X(wfc_host, ctx, 8) X(wfc_host, name, 16) \
    X(wfc_host, version, 24) X(wfc_host, service, 32) \
    X(wfc_call, struct_size, 0) X(wfc_call, reserved, 4) X(wfc_call, ctx, 8) X(wfc_call, id, 16) \
    X(wfc_call, operation, 32) X(wfc_call, input, 48) X(wfc_call, deadline_ms, 64) \
    X(wfc_call, result, 72) X(wfc_call, cancelled, 88) X(wfc_call, open_blob, 96) \
    X(wfc_call, emit_blob, 104) X(wfc_call, progress, 112) \
    X(wfc_component, struct_size, 0) X(wfc_component, abi_minor, 4) X(wfc_component, self, 8) \
    X(wfc_component, configure, 16) X(wfc_component, invoke, 24) X(wfc_component, quiesce, 32) \
    X(wfc_component, extension, 40) X(wfc_component, destroy, 48) \
    X(wfc_module, struct_size, 0) X(wfc_module, abi_major, 4) X(wfc_module, abi_minor, 8) \
    X(wfc_module, reserved, 12) X(wfc_module, manifest, 16) X(wfc_module, create, 24) \
    X(wfc_log, struct_size, 0) X(wfc_log, reserved, 4) X(wfc_log, ctx, 8) X(wfc_log, enabled, 16) \
    X(wfc_log, write, 24) \
    X(wfc_clock, struct_size, 0) X(wfc_clock, reserved, 4) X(wfc_clock, ctx, 8) \
    X(wfc_clock, monotonic_ms, 16) X(wfc_clock, unix_ms, 24) X(wfc_clock, utc_offset_min, 32) \
    X(wfc_secrets, struct_size, 0) X(wfc_secrets, reserved, 4) X(wfc_secrets, ctx, 8) \
    X(wfc_secrets, get, 16) X(wfc_secrets, put, 24) X(wfc_secrets, erase, 32) \
    X(wfc_state, struct_size, 0) X(wfc_state, reserved, 4) X(wfc_state, ctx, 8) \
    X(wfc_state, get, 16) X(wfc_state, put, 24) X(wfc_state, erase, 32) X(wfc_state, list, 40) \
    X(wfc_files, struct_size, 0) X(wfc_files, reserved, 4) X(wfc_files, ctx, 8) \
    X(wfc_files, open, 16) \
    X(wfc_prompt, struct_size, 0) X(wfc_prompt, reserved, 4) X(wfc_prompt, ctx, 8) \
    X(wfc_prompt, present, 16) \
    X(wfc_egress, struct_size, 0) X(wfc_egress, reserved, 4) X(wfc_egress, ctx, 8) \
    X(wfc_egress, allow, 16)

#define VALUES(X) \
    X(WFC_OK, 0) X(WFC_FAILED, 1) X(WFC_CANCELLED, 2) X(WFC_INVALID_SETTINGS, 3) \
    X(WFC_INVALID_INPUT, 4) X(WFC_UNSUPPORTED, 5) X(WFC_INTERNAL, 6) X(WFC_NOT_FOUND, 7) \
    X(WFC_CONFLICT, 8) X(WFC_DENIED, 9) X(WFC_UNAVAILABLE, 10) X(WFC_ABI_MAJOR, 1) \
    X(WFC_ABI_MINOR, 0)

/* clang-format on */

#define FREEZE_SIZE(type, bytes) FROZEN(size_of_##type, sizeof(type) == (bytes));
#define FREEZE_OFFSET(type, member, bytes) FROZEN(type##_##member, offsetof(type, member) == (bytes));
#define FREEZE_VALUE(name, value) FROZEN(name, (name) == (value));
FROZEN(is_lp64, sizeof(long) == 8 && sizeof(void*) == 8 && sizeof(int) == 4);
SIZES(FREEZE_SIZE)
OFFSETS(FREEZE_OFFSET)
VALUES(FREEZE_VALUE)
FROZEN(status, sizeof(wfc_status) == 4);

#define PRINT_SIZE(type, bytes) printf("%s %u\n", #type, (unsigned)sizeof(type));
#define PRINT_OFFSET(type, member, bytes) \
    printf("%s.%s %u\n", #type, #member, (unsigned)offsetof(type, member));
#define PRINT_VALUE(name, value) printf("%s %u\n", #name, (unsigned)(name));

int main(void) {
    wfc_host host = {0, 0, NULL, NULL, NULL, NULL};
    host.struct_size = (uint32_t)offsetof(wfc_host, service);
    if (WFC_HAS(&host, wfc_host, service) || !WFC_HAS(&host, wfc_host, version)) return 1;
    host.struct_size = (uint32_t)sizeof(wfc_host);
    if (!WFC_HAS(&host, wfc_host, service)) return 1;
    SIZES(PRINT_SIZE)
    OFFSETS(PRINT_OFFSET)
    VALUES(PRINT_VALUE)
    return 0;
}
