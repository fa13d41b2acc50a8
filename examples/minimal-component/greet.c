/* greet: a whole component in C99. `hello` joins the greeting of its settings and the name of its input.
 *
 * Shows what every component does: makes itself without calling the host, checks what it is given, keeps its
 * settings when new ones are wrong, writes one document whatever happens, frees what it allocated. */
#include <stdlib.h>
#include <string.h>

#include "strings.h"

/* component.json, compiled in (embed_files in CMakeLists.txt). */
extern const char greet_manifest[], greet_manifest_end[];

struct greet {
    wfc_component table; /* what the host sees */
    const wfc_host* host;
    char* greeting; /* as it is written in JSON, without quotes; null before configure */
    size_t greeting_size;
};

static wfc_view view(const char* text) {
    wfc_view out;
    out.data = text;
    out.size = strlen(text);
    return out;
}

/* Writes the pieces until the sink refuses one. */
static wfc_status write_all(wfc_sink sink, const wfc_view* pieces, size_t count) {
    wfc_status status = WFC_OK;
    size_t i;
    for (i = 0; i < count && status == WFC_OK; ++i) status = sink.write(sink.ctx, pieces[i]);
    return status;
}

/* The document of everything that did not succeed; returns `status`. */
static wfc_status refuse(wfc_sink sink, wfc_status status, struct fault fault) {
    wfc_view pieces[7];
    size_t count = 0;
    pieces[count++] = view("{\"format\":1,\"outcome\":\"");
    pieces[count++] = view(status == WFC_CANCELLED ? "cancelled" : "failed");
    pieces[count++] = view("\",\"error\":{");
    if (fault.member != NULL) {
        pieces[count++] = view("\"pointer\":\"/");
        pieces[count++] = view(fault.member);
        pieces[count++] = view("\",");
    }
    if (write_all(sink, pieces, count) != WFC_OK) return status;
    pieces[0] = view("\"message\":\"");
    pieces[1] = view(fault.sentence);
    pieces[2] = view("\"}}");
    write_all(sink, pieces, 3);
    return status;
}

static wfc_status refuse_whole(wfc_sink sink, wfc_status status, const char* sentence) {
    struct fault fault;
    fault.member = NULL;
    fault.sentence = sentence;
    return refuse(sink, status, fault);
}

static wfc_status WFC_CALL configure(wfc_component* self, wfc_view settings, wfc_sink problem) {
    struct greet* greet = self->self;
    struct member greeting = {"greeting", {NULL, 0}, 0};
    struct fault fault;
    char* copy;
    if (!read_strings(settings, &greeting, 1, &fault)) return refuse(problem, WFC_INVALID_SETTINGS, fault);
    copy = malloc(greeting.value.size + 1);
    if (copy == NULL) return refuse_whole(problem, WFC_INTERNAL, "out of memory");
    memcpy(copy, greeting.value.data, greeting.value.size);
    free(greet->greeting);
    greet->greeting = copy;
    greet->greeting_size = greeting.value.size;
    return WFC_OK;
}

/* Tells the host's log, if there is one, that somebody was greeted; not whom. */
static void log_greeting(const wfc_host* host) {
    const wfc_log* log = host->service(host, WFC_LOG);
    if (log == NULL || !WFC_HAS(log, wfc_log, write) || !log->enabled(log->ctx, 2)) return;
    log->write(log->ctx, 2, view("greet.said"), view("{}"));
}

static wfc_status WFC_CALL invoke(wfc_component* self, const wfc_call* call) {
    const struct greet* greet = self->self;
    struct member name = {"name", {NULL, 0}, 0};
    struct fault fault;
    wfc_view pieces[5];
    if (call->operation.size != 5 || memcmp(call->operation.data, "hello", 5) != 0) {
        return refuse_whole(call->result, WFC_UNSUPPORTED, "the only operation is hello");
    }
    if (greet->greeting == NULL) return refuse_whole(call->result, WFC_INVALID_SETTINGS, "not configured");
    if (!read_strings(call->input, &name, 1, &fault)) return refuse(call->result, WFC_INVALID_INPUT, fault);
    if (call->cancelled(call)) return refuse_whole(call->result, WFC_CANCELLED, "cancelled");
    pieces[0] = view("{\"format\":1,\"outcome\":\"succeeded\",\"text\":\"");
    pieces[1].data = greet->greeting;
    pieces[1].size = greet->greeting_size;
    pieces[2] = view(", ");
    pieces[3] = name.value;
    pieces[4] = view("!\"}");
    if (write_all(call->result, pieces, 5) != WFC_OK) return WFC_FAILED;
    log_greeting(greet->host);
    return WFC_OK;
}

static void WFC_CALL quiesce(wfc_component* self) {
    (void)self;
}

static const void* WFC_CALL extension(const wfc_component* self, const char* id) {
    (void)self;
    (void)id;
    return NULL;
}

static void WFC_CALL destroy(wfc_component* self) {
    struct greet* greet = self->self;
    free(greet->greeting);
    free(greet);
}

static wfc_view WFC_CALL manifest(void) {
    wfc_view out;
    out.data = greet_manifest;
    out.size = (size_t)(greet_manifest_end - greet_manifest);
    return out;
}

static wfc_status WFC_CALL create(wfc_view type, const wfc_host* host, wfc_component** out) {
    struct greet* greet;
    if (out == NULL) return WFC_UNSUPPORTED;
    *out = NULL;
    if (type.size != 5 || memcmp(type.data, "greet", 5) != 0) return WFC_UNSUPPORTED;
    if (host == NULL || !WFC_HAS(host, wfc_host, service)) return WFC_UNSUPPORTED;
    greet = calloc(1, sizeof *greet);
    if (greet == NULL) return WFC_INTERNAL;
    greet->host = host;
    greet->table.struct_size = sizeof greet->table;
    greet->table.abi_minor = WFC_ABI_MINOR;
    greet->table.self = greet;
    greet->table.configure = configure;
    greet->table.invoke = invoke;
    greet->table.quiesce = quiesce;
    greet->table.extension = extension;
    greet->table.destroy = destroy;
    *out = &greet->table;
    return WFC_OK;
}

const wfc_module* WFC_CALL wfc_module_v1(void) {
    static const wfc_module module = {sizeof(wfc_module), WFC_ABI_MAJOR, WFC_ABI_MINOR, 0, manifest, create};
    return &module;
}
