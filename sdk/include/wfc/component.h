/* clang-format off */
/* wfc/component.h: the interface between a workflow host and its components, major version 1.
 *
 * A shared library is a module; a module makes components of one or more types. The header is C99, needs nothing
 * but itself and is all that both sides share. sdk/README.md tells the rules of ownership and threads in full.
 *
 * What holds everywhere:
 *   - Text is UTF-8 and has a length, not a final NUL. Whoever receives a wfc_view may read it until it returns.
 *   - No memory changes hands. A function with something to say writes it to a wfc_sink that its caller owns.
 *   - Functions neither throw nor longjmp. From C++17 on each pointer's type is noexcept, and the compiler checks.
 *   - Numbers of a table only grow: struct_size tells a reader which members are there (WFC_HAS).
 *
 * Which threads may call, written behind each function:
 *   [any]      every thread, at any time, many at once
 *   [serial]   while no other function of the same component runs
 *   [parallel] like [any] if the manifest has "concurrency": "parallel", like [serial] if it has not
 *   [call]     the thread that is inside invoke(), until that returns
 */
#ifndef WFC_COMPONENT_H
#define WFC_COMPONENT_H
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#  define WFC_CALL __cdecl
#  define WFC_EXPORT __declspec(dllexport)
#else
#  define WFC_CALL
#  define WFC_EXPORT __attribute__((visibility("default")))
#endif
#ifdef __cplusplus
#  define WFC_NOEXCEPT noexcept
extern "C" {
#else
#  define WFC_NOEXCEPT
#endif

#define WFC_ABI_MAJOR 1u /* another major is another entry point: wfc_module_v2 */
#define WFC_ABI_MINOR 0u /* another minor has members at the end of the structs that this one lacks */

/* Whether the provider of `object` knew about `member`. Ask before touching what a minor version added. */
#define WFC_HAS(object, type, member) \
  ((object)->struct_size >= offsetof(type, member) + sizeof((object)->member))

/* How a function ended. Values of later minors are failures to those who do not know them. */
typedef int32_t wfc_status;
enum {
  WFC_OK = 0,               /* done; of an invocation, the result document tells with what outcome */
  WFC_FAILED = 1,           /* tried and not achieved; the result document has an `error` */
  WFC_CANCELLED = 2,        /* given up at the host's request */
  WFC_INVALID_SETTINGS = 3, /* the settings cannot be used; nothing was tried */
  WFC_INVALID_INPUT = 4,    /* the input cannot be used; nothing was tried */
  WFC_UNSUPPORTED = 5,      /* no such type, operation, service, blob, or way to use it */
  WFC_INTERNAL = 6,         /* a bug of the side that returned it; trust its object no further */
  WFC_NOT_FOUND = 7,        /* from services: the secret, key or file does not exist */
  WFC_CONFLICT = 8,         /* from wfc.state and wfc.secrets: somebody else wrote first */
  WFC_DENIED = 9,           /* from services: forbidden by the host's policy */
  WFC_UNAVAILABLE = 10      /* from services: not now; a later attempt may succeed */
};

/* Borrowed bytes, usually text. `data` may be null when `size` is 0. */
typedef struct wfc_view { const char *data; size_t size; } wfc_view;

/* Where a receiver takes bytes. A write takes all of them, or fails and is the last. Belongs to who passed it. */
typedef struct wfc_sink {
  void *ctx;
  wfc_status (WFC_CALL *write)(void *ctx, wfc_view bytes) WFC_NOEXCEPT;
} wfc_sink;

/* Bytes to be pulled. Who opened a source closes it, once, whatever happened in between; one thread at a time. */
typedef struct wfc_source {
  void *ctx;
  /* How many bytes were put at `into`: fewer than `capacity` is normal, 0 the end, a negative number a failure. */
  int64_t (WFC_CALL *read)(void *ctx, void *into, size_t capacity) WFC_NOEXCEPT;
  /* Bytes from the first to the last, or -1 where that is not known. */
  int64_t (WFC_CALL *size)(void *ctx) WFC_NOEXCEPT;
  /* Starts over at the first byte; WFC_UNSUPPORTED from a stream that flows one way only. */
  wfc_status (WFC_CALL *rewind)(void *ctx) WFC_NOEXCEPT;
  void (WFC_CALL *close)(void *ctx) WFC_NOEXCEPT;
} wfc_source;

/* The host as it shows itself to a single component: its secrets are the ones this component's settings name, its
 * state is kept apart by component type. The component is gone before its host is. */
typedef struct wfc_host wfc_host;
struct wfc_host {
  uint32_t struct_size, abi_minor;
  void *ctx;
  const char *name, *version; /* for people; NUL-terminated */
  /* The table behind a service id such as WFC_LOG, or null if there is none. Lives as long as the host. [any] */
  const void *(WFC_CALL *service)(const wfc_host *host, const char *id) WFC_NOEXCEPT;
};

/* One piece of work. The host owns it and keeps it whole until invoke() has returned. */
typedef struct wfc_call wfc_call;
struct wfc_call {
  uint32_t struct_size, reserved;
  void *ctx;
  wfc_view id;            /* equal ids are the same work done again; a host that keeps no such promise draws a
                             new random id each time */
  wfc_view operation;     /* one of the manifest's operations: "send" */
  wfc_view input;         /* a JSON document that nobody has checked yet */
  uint64_t deadline_ms;   /* when to give up, in monotonic_ms of wfc.clock/1; 0 leaves it to the component */
  wfc_sink result;        /* takes one JSON document, for every status alike */
  /* Not 0 once the host wants its thread back. Cheap, takes no lock: ask at least every 200 ms. [any] */
  int (WFC_CALL *cancelled)(const wfc_call *call) WFC_NOEXCEPT;
  /* Opens a blob that the input names. `*out` is yours to close if this is WFC_OK. [call] */
  wfc_status (WFC_CALL *open_blob)(const wfc_call *call, wfc_view name, wfc_source *out) WFC_NOEXCEPT;
  /* Begins a blob of the result; it counts as whole only if invoke() returns WFC_OK. [call] */
  wfc_status (WFC_CALL *emit_blob)(const wfc_call *call, wfc_view name, wfc_view media_type,
                                   wfc_sink *out) WFC_NOEXCEPT;
  /* Tells whoever is watching how far the work is: a JSON object. [call] */
  void (WFC_CALL *progress)(const wfc_call *call, wfc_view event_json) WFC_NOEXCEPT;
};

/* A component: the host's from create() to destroy(). */
typedef struct wfc_component wfc_component;
struct wfc_component {
  uint32_t struct_size, abi_minor;
  void *self;
  /* Takes new settings in place of the old; if it cannot, a document says why and the old ones stay. [serial] */
  wfc_status (WFC_CALL *configure)(wfc_component *, wfc_view settings_json, wfc_sink problem) WFC_NOEXCEPT;
  /* Carries out one operation; returns when it is over, or within a second of being cancelled. [parallel] */
  wfc_status (WFC_CALL *invoke)(wfc_component *, const wfc_call *) WFC_NOEXCEPT;
  /* Lets go of what is kept between calls: connections, tokens in memory. Called after idle_ms of rest. [serial] */
  void (WFC_CALL *quiesce)(wfc_component *) WFC_NOEXCEPT;
  /* The table behind an extension id ("wfc.options/1"), or null. [any] */
  const void *(WFC_CALL *extension)(const wfc_component *, const char *id) WFC_NOEXCEPT;
  /* Ends the component and its memory, when no invoke() is left. [serial] */
  void (WFC_CALL *destroy)(wfc_component *) WFC_NOEXCEPT;
};

/* What a shared library offers. */
typedef struct wfc_module {
  uint32_t struct_size, abi_major, abi_minor, reserved;
  /* The component.json this library was built with; every byte must equal the installed one. [any] */
  wfc_view (WFC_CALL *manifest)(void) WFC_NOEXCEPT;
  /* Makes a component; for a type it does not know, WFC_UNSUPPORTED and a null `*out`. Calls no host. [any] */
  wfc_status (WFC_CALL *create)(wfc_view type_id, const wfc_host *, wfc_component **out) WFC_NOEXCEPT;
} wfc_module;

/* All that a module exports: a constant table, handed out without doing anything else. Never null. [any] */
WFC_EXPORT const wfc_module *WFC_CALL wfc_module_v1(void) WFC_NOEXCEPT;

/* ---- what a host may offer; each is asked for by id ------------------------------------------ */
#define WFC_LOG     "wfc.log/1"
#define WFC_CLOCK   "wfc.clock/1"
#define WFC_SECRETS "wfc.secrets/1"
#define WFC_STATE   "wfc.state/1"
#define WFC_FILES   "wfc.files/1"
#define WFC_PROMPT  "wfc.prompt/1"
#define WFC_EGRESS  "wfc.egress/1"

/* Events with fields, not sentences. Level 0 is trace, 1 debug, 2 info, 3 warning, 4 error. [any] */
typedef struct wfc_log {
  uint32_t struct_size, reserved; void *ctx;
  int (WFC_CALL *enabled)(void *ctx, int32_t level) WFC_NOEXCEPT;
  void (WFC_CALL *write)(void *ctx, int32_t level, wfc_view event_id, wfc_view fields_json) WFC_NOEXCEPT;
} wfc_log;

/* Time comes from the host, so that a test can turn it. [any] */
typedef struct wfc_clock {
  uint32_t struct_size, reserved; void *ctx;
  uint64_t (WFC_CALL *monotonic_ms)(void *ctx) WFC_NOEXCEPT; /* never goes back; no epoch */
  int64_t (WFC_CALL *unix_ms)(void *ctx) WFC_NOEXCEPT; /* since 1970, UTC */
  int32_t (WFC_CALL *utc_offset_min)(void *ctx, int64_t unix_ms) WFC_NOEXCEPT; /* local minus UTC at that time */
} wfc_clock;

/* Values that neither settings nor logs ever hold; `ref` is the name that settings give. [any] */
typedef struct wfc_secrets {
  uint32_t struct_size, reserved; void *ctx;
  wfc_status (WFC_CALL *get)(void *ctx, wfc_view ref, wfc_sink value) WFC_NOEXCEPT;
  /* For values that a server replaces in use, such as refresh tokens. */
  wfc_status (WFC_CALL *put)(void *ctx, wfc_view ref, wfc_view value) WFC_NOEXCEPT;
  wfc_status (WFC_CALL *erase)(void *ctx, wfc_view ref) WFC_NOEXCEPT;
} wfc_secrets;

/* Small values that outlive the process and that other workers see too. A write names the version it replaces
 * (0: there is none yet) and is WFC_CONFLICT when that is no longer the current one. [any] */
typedef struct wfc_state {
  uint32_t struct_size, reserved; void *ctx;
  wfc_status (WFC_CALL *get)(void *ctx, wfc_view key, wfc_sink value, uint64_t *version) WFC_NOEXCEPT;
  wfc_status (WFC_CALL *put)(void *ctx, wfc_view key, wfc_view value, uint64_t expected_version,
                             uint64_t ttl_ms /* 0: until erased */, uint64_t *new_version) WFC_NOEXCEPT;
  wfc_status (WFC_CALL *erase)(void *ctx, wfc_view key, uint64_t expected_version) WFC_NOEXCEPT;
  /* A JSON list of keys with `prefix`, in order, those after `after`. */
  wfc_status (WFC_CALL *list)(void *ctx, wfc_view prefix, wfc_view after, wfc_sink keys_json) WFC_NOEXCEPT;
} wfc_state;

/* A component opens no path of settings or input itself: the host does, where its policy allows. [any] */
typedef struct wfc_files {
  uint32_t struct_size, reserved; void *ctx;
  wfc_status (WFC_CALL *open)(void *ctx, wfc_view path, wfc_source *out) WFC_NOEXCEPT;
} wfc_files;

/* Asks a person: open this address, type that code, wait for the redirect. Blocks; heeds the cancel. [call] */
typedef struct wfc_prompt {
  uint32_t struct_size, reserved; void *ctx;
  wfc_status (WFC_CALL *present)(void *ctx, const wfc_call *, wfc_view prompt_json, wfc_sink answer) WFC_NOEXCEPT;
} wfc_prompt;

/* Asked before each connection, when the name is resolved; `address` is what would be connected to. [any] */
typedef struct wfc_egress {
  uint32_t struct_size, reserved; void *ctx;
  wfc_status (WFC_CALL *allow)(void *ctx, wfc_view host, wfc_view address, uint16_t port) WFC_NOEXCEPT;
} wfc_egress;

#ifdef __cplusplus
}
#endif
#endif
