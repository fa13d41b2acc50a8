/* A module with one thing wrong, chosen when it is compiled. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>

#include "wfc/component.h"
#include "wrong_manifest.h"

#ifdef WRONG_SIGNAL_MASK
__attribute__((constructor)) static void block(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, 0);
}
#endif

#ifdef WRONG_EXITS
extern void _exit(int);
/* Running this at all ends the test: a refused library must not be mapped. */
__attribute__((constructor)) static void leave(void) {
    _exit(99);
}
#endif

static wfc_view WFC_CALL manifest(void) {
    static const char text[] = WRONG_MANIFEST;
    wfc_view out = {text, sizeof text - 1};
#ifdef WRONG_BYTES
    --out.size;
#endif
    return out;
}

#ifdef WRONG_COMPONENT
static void WFC_CALL destroy(wfc_component* self) {
    (void)self;
}
#endif

static wfc_status WFC_CALL create(wfc_view type, const wfc_host* host, wfc_component** out) {
#ifdef WRONG_COMPONENT
    static wfc_component incomplete;
    incomplete.struct_size = sizeof incomplete;
    incomplete.destroy = destroy;
    *out = &incomplete;
    (void)type;
    (void)host;
    return WFC_OK;
#else
    (void)type;
    (void)host;
    *out = 0;
    return WFC_INTERNAL;
#endif
}

#ifdef WRONG_SYMBOL
#define wfc_module_v1 wfc_module_v7
WFC_EXPORT const wfc_module* WFC_CALL wfc_module_v7(void);
#endif

const wfc_module* WFC_CALL wfc_module_v1(void) {
#if defined(WRONG_TABLE)
    (void)manifest;
    (void)create;
    return 0;
#else
    static wfc_module module = {sizeof(wfc_module), WFC_ABI_MAJOR, WFC_ABI_MINOR, 0, manifest, create};
#ifdef WRONG_SIZE
    module.struct_size = 24;
#endif
#ifdef WRONG_MAJOR
    module.abi_major = 2;
#endif
#ifdef WRONG_CREATE
    module.create = 0;
#endif
#ifdef WRONG_MANIFEST_FUNCTION
    module.manifest = 0;
#endif
    return &module;
#endif
}
