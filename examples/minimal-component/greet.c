/* greet: a whole component in C99. `hello` joins the greeting of its settings and the name of its input. */
#include <stdlib.h>

#include "wfc/author.h"

/* component.json, compiled in by embed_files() in CMakeLists.txt */
extern const char greet_manifest[], greet_manifest_end[];

struct greet {
    wfc_component table; /* what the host sees */
    const wfc_host* host;
    wfc_view greeting; /* as it is written in JSON, without quotes; null before configure */
};

/* New settings replace the old ones only if they are right. */
static wfc_status WFC_CALL configure(wfc_component* self, wfc_view settings, wfc_sink problem) {
    struct greet* greet = self->self;
    wfc_view greeting;
    char* copy;
    if (wfc_read_only(settings, "greeting", &greeting, problem, WFC_INVALID_SETTINGS) != WFC_OK)
        return WFC_INVALID_SETTINGS;
    copy = malloc(greeting.size + 1);
    if (copy == NULL) return wfc_refuse_all(problem, WFC_INTERNAL, "out of memory");
    memcpy(copy, greeting.data, greeting.size);
    free((void*)greet->greeting.data);
    greet->greeting.data = copy;
    greet->greeting.size = greeting.size;
    return WFC_OK;
}

/* Writes one document, whatever happens. */
static wfc_status WFC_CALL invoke(wfc_component* self, const wfc_call* call) {
    const struct greet* greet = self->self;
    wfc_view pieces[] = {wfc_text("{\"format\":1,\"outcome\":\"succeeded\",\"text\":\""),
                         {NULL, 0},
                         wfc_text(", "),
                         {NULL, 0},
                         wfc_text("!\"}")};
    if (!wfc_same(call->operation, "hello"))
        return wfc_refuse_all(call->result, WFC_UNSUPPORTED, "the only operation is hello");
    if (greet->greeting.data == NULL)
        return wfc_refuse_all(call->result, WFC_INVALID_SETTINGS, "not configured");
    if (wfc_read_only(call->input, "name", &pieces[3], call->result, WFC_INVALID_INPUT) != WFC_OK)
        return WFC_INVALID_INPUT;
    if (call->cancelled(call)) return wfc_refuse_all(call->result, WFC_CANCELLED, "cancelled");
    pieces[1] = greet->greeting;
    if (wfc_write(call->result, pieces, 5) != WFC_OK) return WFC_FAILED;
    wfc_tell(greet->host, 2, "greet.said", "{}");
    return WFC_OK;
}

static void WFC_CALL destroy(wfc_component* self) {
    struct greet* greet = self->self;
    free((void*)greet->greeting.data);
    free(greet);
}

static wfc_view WFC_CALL manifest(void) {
    return wfc_embedded(greet_manifest, greet_manifest_end);
}

static wfc_status WFC_CALL create(wfc_view type, const wfc_host* host, wfc_component** out) {
    struct greet* greet;
    if (out == NULL || host == NULL) return WFC_UNSUPPORTED;
    *out = NULL;
    if (!wfc_same(type, "greet") || !WFC_HAS(host, wfc_host, service)) return WFC_UNSUPPORTED;
    greet = calloc(1, sizeof *greet);
    if (greet == NULL) return WFC_INTERNAL;
    greet->host = host;
    greet->table = (wfc_component){sizeof(wfc_component), WFC_ABI_MINOR,    greet,  configure, invoke,
                                   wfc_keeps_nothing,     wfc_no_extension, destroy};
    *out = &greet->table;
    return WFC_OK;
}

const wfc_module* WFC_CALL wfc_module_v1(void) {
    static const wfc_module module = {sizeof(wfc_module), WFC_ABI_MAJOR, WFC_ABI_MINOR, 0, manifest, create};
    return &module;
}
