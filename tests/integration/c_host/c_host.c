/* A host in plain C99 that knows nothing but wfc/component.h: loads MailSend, sends, cancels, unloads.
 *
 *     c_host LIBRARY PORT SILENT_PORT
 *
 * PORT: a server that accepts; SILENT_PORT: one that never says a word. Prints one line a step, ends with 0
 * when all went as it should. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "wfc/component.h"

static wfc_view view(const char* text) {
    wfc_view out = {text, strlen(text)};
    return out;
}

static void expect(int holds, const char* what) {
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    fflush(stdout);
    if (!holds) exit(1);
}

/* A growing buffer behind a sink. */
struct text {
    char bytes[64 * 1024];
    size_t size;
};

static wfc_status append(void* ctx, wfc_view bytes) {
    struct text* into = ctx;
    if (into->size + bytes.size >= sizeof into->bytes) return WFC_UNAVAILABLE;
    memcpy(into->bytes + into->size, bytes.data, bytes.size);
    into->size += bytes.size;
    into->bytes[into->size] = '\0';
    return WFC_OK;
}

static uint64_t monotonic_ms(void* ctx) {
    struct timespec now;
    (void)ctx;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}
static int64_t unix_ms(void* ctx) {
    (void)ctx;
    return (int64_t)time(NULL) * 1000;
}
static int32_t utc_offset_min(void* ctx, int64_t at) {
    (void)ctx;
    (void)at;
    return 0;
}
static wfc_status get_secret(void* ctx, wfc_view ref, wfc_sink value) {
    (void)ctx;
    if (ref.size != 5 || memcmp(ref.data, "alice", 5) != 0) return WFC_NOT_FOUND;
    return value.write(value.ctx, view("secret"));
}
static wfc_status put_secret(void* ctx, wfc_view ref, wfc_view value) {
    (void)ctx;
    (void)ref;
    (void)value;
    return WFC_UNSUPPORTED;
}
static wfc_status erase_secret(void* ctx, wfc_view ref) {
    (void)ctx;
    (void)ref;
    return WFC_UNSUPPORTED;
}

static const wfc_clock clock_table = {sizeof(wfc_clock), 0, NULL, monotonic_ms, unix_ms, utc_offset_min};
static const wfc_secrets secrets_table = {sizeof(wfc_secrets), 0, NULL, get_secret, put_secret, erase_secret};

static const void* service(const wfc_host* host, const char* id) {
    (void)host;
    if (strcmp(id, WFC_CLOCK) == 0) return &clock_table;
    if (strcmp(id, WFC_SECRETS) == 0) return &secrets_table;
    return NULL;
}

static volatile int stop;

static int is_cancelled(const wfc_call* call) {
    (void)call;
    return stop;
}
static wfc_status no_blob(const wfc_call* call, wfc_view name, wfc_source* out) {
    (void)call;
    (void)name;
    (void)out;
    return WFC_NOT_FOUND;
}
static wfc_status no_emit(const wfc_call* call, wfc_view name, wfc_view type, wfc_sink* out) {
    (void)call;
    (void)name;
    (void)type;
    (void)out;
    return WFC_UNSUPPORTED;
}
static void no_progress(const wfc_call* call, wfc_view event) {
    (void)call;
    (void)event;
}

static wfc_call call_for(const char* id, struct text* result) {
    wfc_call call;
    memset(&call, 0, sizeof call);
    memset(result, 0, sizeof *result);
    call.struct_size = sizeof call;
    call.id = view(id);
    call.operation = view("send");
    call.input = view(
        "{\"to\": \"bob@example.test\", \"subject\": \"From C\", \"text\": \"Sent through component.h "
        "alone.\"}");
    call.result.ctx = result;
    call.result.write = append;
    call.cancelled = is_cancelled;
    call.open_blob = no_blob;
    call.emit_blob = no_emit;
    call.progress = no_progress;
    return call;
}

static void configure(wfc_component* component, const char* port) {
    static struct text problem;
    char settings[512];
    wfc_sink sink = {&problem, append};
    memset(&problem, 0, sizeof problem);
    snprintf(settings, sizeof settings,
             "{\"server\": {\"kind\": \"custom\", \"host\": \"127.0.0.1\", \"port\": \"%s\", \"security\": "
             "\"none\"},"
             " \"auth\": {\"method\": \"password\", \"username\": \"alice\", \"password\": {\"$secret\": "
             "\"alice\"},"
             " \"allow_cleartext\": true}, \"from\": \"alice@example.test\"}",
             port);
    expect(component->configure(component, view(settings), sink) == WFC_OK, "the settings are taken");
}

static void* cancel_soon(void* unused) {
    (void)unused;
    usleep(300 * 1000);
    stop = 1;
    return NULL;
}

int main(int argc, char** argv) {
    static struct text result;
    wfc_host host = {sizeof(wfc_host), WFC_ABI_MINOR, NULL, "c_host", "1", service};
    const wfc_module* (*entry)(void);
    const wfc_module* module;
    wfc_component* component = NULL;
    wfc_call call;
    pthread_t canceller;
    uint64_t begun;
    void* library;

    if (argc != 4) return 64;
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fprintf(stderr, "%s\n", dlerror());
    expect(library != NULL, "the library loads");
    *(void**)&entry = dlsym(library, "wfc_module_v1");
    expect(entry != NULL, "it exports wfc_module_v1");
    module = entry();
    expect(module->abi_major == WFC_ABI_MAJOR && module->manifest().size > 0,
           "it speaks this ABI and has a manifest");
    expect(module->create(view("mail-sendx"), &host, &component) == WFC_UNSUPPORTED && component == NULL,
           "an unknown type is refused");
    expect(module->create(view("mail-send"), &host, &component) == WFC_OK, "mail-send is made");

    configure(component, argv[2]);
    call = call_for("c-host-1", &result);
    expect(component->invoke(component, &call) == WFC_OK, "the message is accepted");
    expect(strstr(result.bytes, "\"outcome\":\"accepted\"") != NULL, "and the document says so");

    configure(component, argv[3]);
    call = call_for("c-host-2", &result);
    expect(pthread_create(&canceller, NULL, cancel_soon, NULL) == 0, "a second thread will cancel");
    begun = monotonic_ms(NULL);
    expect(component->invoke(component, &call) == WFC_CANCELLED, "a call to a silent server is cancelled");
    expect(monotonic_ms(NULL) - begun < 1300, "within a second");
    expect(strstr(result.bytes, "\"outcome\":\"cancelled\"") != NULL, "and the document says so");
    pthread_join(canceller, NULL);

    component->quiesce(component);
    component->destroy(component);
    expect(dlclose(library) == 0, "the library closes");
    expect(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) == NULL, "and is unmapped");
    return 0;
}
