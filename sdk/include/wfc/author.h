/* wfc/author.h: for components written in C99, what most of them need besides wfc/component.h.
 *
 * Guarantees: header-only, allocates nothing, keeps nothing. wfc_read_strings checks the whole text to be
 * valid JSON of one shape, an object of strings in UTF-8, the document no longer than 64 KiB; unknown,
 * missing and repeated members are faults. Does not decode: a value stays as it is written between its
 * quotes, which is also how it is written into another document, and a name that is written with an escape is
 * not known. Components in C++ have wfc/author.hpp; richer JSON wants a library. */
#ifndef WFC_AUTHOR_H
#define WFC_AUTHOR_H
#include <string.h>

#include "wfc/component.h"

/* A member that may and must be there: give `name`, the others are written by reading. `value` points into
 * the text that was read. */
struct wfc_member {
    const char* name;
    wfc_view value;
    int found;
};

/* What is wrong; `member` is null when it is the document itself, and lives as long as the program. */
struct wfc_fault {
    const char* member;
    const char* sentence;
};

static inline wfc_view wfc_text(const char* text) {
    wfc_view out;
    out.data = text;
    out.size = strlen(text);
    return out;
}

static inline int wfc_same(wfc_view text, const char* word) {
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

/* Writes the pieces until the sink refuses one. */
static inline wfc_status wfc_write(wfc_sink sink, const wfc_view* pieces, size_t count) {
    wfc_status status = WFC_OK;
    size_t i;
    for (i = 0; i < count && status == WFC_OK; ++i) status = sink.write(sink.ctx, pieces[i]);
    return status;
}

/* Writes the document of everything that did not succeed; returns `status`. `fault` is our own text: it is
 * not escaped. */
static inline wfc_status wfc_refuse(wfc_sink sink, wfc_status status, struct wfc_fault fault) {
    wfc_view pieces[8];
    size_t count = 0;
    pieces[count++] = wfc_text("{\"format\":1,\"outcome\":\"");
    pieces[count++] = wfc_text(status == WFC_CANCELLED ? "cancelled" : "failed");
    pieces[count++] = wfc_text("\",\"error\":{");
    if (fault.member != NULL) {
        pieces[count++] = wfc_text("\"pointer\":\"/");
        pieces[count++] = wfc_text(fault.member);
        pieces[count++] = wfc_text("\",");
    }
    if (wfc_write(sink, pieces, count) != WFC_OK) return status;
    pieces[0] = wfc_text("\"message\":\"");
    pieces[1] = wfc_text(fault.sentence);
    pieces[2] = wfc_text("\"}}");
    wfc_write(sink, pieces, 3);
    return status;
}

/* wfc_refuse about the whole, not about one member. */
static inline wfc_status wfc_refuse_all(wfc_sink sink, wfc_status status, const char* sentence) {
    struct wfc_fault fault;
    fault.member = NULL;
    fault.sentence = sentence;
    return wfc_refuse(sink, status, fault);
}

/* Tells the host's log, where there is one. `event` is an id ("order.sent"), `fields` a JSON object. */
static inline void wfc_tell(const wfc_host* host, int level, const char* event, const char* fields) {
    const wfc_log* log = (const wfc_log*)host->service(host, WFC_LOG);
    if (log == NULL || !WFC_HAS(log, wfc_log, write) || !log->enabled(log->ctx, level)) return;
    log->write(log->ctx, level, wfc_text(event), wfc_text(fields));
}

/* `quiesce` of a component that keeps nothing between calls. */
static inline void WFC_CALL wfc_keeps_nothing(wfc_component* self) {
    (void)self;
}

/* `extension` of a component that has none. */
static inline const void* WFC_CALL wfc_no_extension(const wfc_component* self, const char* id) {
    (void)self;
    (void)id;
    return NULL;
}

/* A view of what embed_files() compiled in between two symbols. */
static inline wfc_view wfc_embedded(const char* begin, const char* end) {
    wfc_view out;
    out.data = begin;
    out.size = (size_t)(end - begin);
    return out;
}

/* ---- reading JSON: the front door is wfc_read_strings, at the end ------------------------------ */

/* What is left to read. */
struct wfc_cursor {
    const unsigned char *at, *end;
};

/* `strchr` finds the NUL at the end too, which is none of the bytes. */
static inline int wfc_one_of(unsigned char byte, const char* bytes) {
    return byte != 0 && strchr(bytes, byte) != NULL;
}

static inline void wfc_skip_space(struct wfc_cursor* text) {
    while (text->at < text->end && wfc_one_of(*text->at, " \t\r\n")) ++text->at;
}

/* Takes `byte` after white space. */
static inline int wfc_take(struct wfc_cursor* text, unsigned char byte) {
    wfc_skip_space(text);
    if (text->at == text->end || *text->at != byte) return 0;
    ++text->at;
    return 1;
}

/* Bytes of the character at the cursor, 0 if it is none (RFC 3629). */
static inline size_t wfc_character(const struct wfc_cursor* text) {
    const unsigned char* c = text->at;
    const size_t left = (size_t)(text->end - c);
    size_t i, length;
    if (c[0] < 0x80) return 1;
    length = c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : c[0] < 0xF5 ? 4 : 0;
    if (length == 0 || length > left) return 0;
    for (i = 1; i < length; ++i) {
        if ((c[i] & 0xC0) != 0x80) return 0;
    }
    if (c[0] == 0xE0 && c[1] < 0xA0) return 0; /* longer than needed */
    if (c[0] == 0xF0 && c[1] < 0x90) return 0;
    if (c[0] == 0xED && c[1] > 0x9F) return 0; /* a surrogate */
    if (c[0] == 0xF4 && c[1] > 0x8F) return 0; /* beyond Unicode */
    return length;
}

/* The value of four hexadecimal digits, -1 if they are none. */
static inline long wfc_hex4(const struct wfc_cursor* text) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    long value = 0;
    int i;
    if (text->end - text->at < 4) return -1;
    for (i = 0; i < 4; ++i) {
        const char* digit = text->at[i] == 0 ? NULL : strchr(digits, text->at[i]);
        if (digit == NULL) return -1;
        value = value * 16 + (digit - digits) % 16;
    }
    return value;
}

/* What follows `\u`: one unit, or two that are a pair. */
static inline int wfc_unicode_escape(struct wfc_cursor* text) {
    long unit = wfc_hex4(text);
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return 0;
    text->at += 4;
    if (unit < 0xD800 || unit > 0xDBFF) return 1;
    if (text->end - text->at < 6 || text->at[0] != '\\' || text->at[1] != 'u') return 0;
    text->at += 2;
    unit = wfc_hex4(text);
    text->at += 4;
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* A string, without its quotes and still escaped. */
static inline int wfc_string(struct wfc_cursor* text, wfc_view* out) {
    const unsigned char* begin;
    if (!wfc_take(text, '"')) return 0;
    begin = text->at;
    while (text->at < text->end) {
        const unsigned char byte = *text->at;
        size_t length;
        if (byte == '"') {
            out->data = (const char*)begin;
            out->size = (size_t)(text->at - begin);
            ++text->at;
            return 1;
        }
        if (byte < 0x20) return 0;
        length = wfc_character(text);
        if (length == 0) return 0;
        text->at += length;
        if (byte != '\\') continue;
        if (text->at == text->end || !wfc_one_of(*text->at, "\"\\/bfnrtu")) return 0;
        if (*text->at++ == 'u' && !wfc_unicode_escape(text)) return 0;
    }
    return 0;
}

static inline int wfc_wrong(struct wfc_fault* fault, const char* member, const char* sentence) {
    fault->member = member;
    fault->sentence = sentence;
    return 0;
}

static inline int wfc_not_json(struct wfc_fault* fault) {
    return wfc_wrong(fault, NULL, "the document is not valid JSON");
}

/* The only number there is: 1, and not the beginning of 10 or 1.0. */
static inline int wfc_format(struct wfc_cursor* text, struct wfc_fault* fault) {
    const int one = wfc_take(text, '1');
    if (text->at == text->end) return one ? 1 : wfc_not_json(fault);
    return one && !wfc_one_of(*text->at, "0123456789.eE") ? 1
                                                          : wfc_wrong(fault, "format", "/format must be 1");
}

/* One `"name": value`. */
static inline int wfc_one_member(struct wfc_cursor* text, struct wfc_member* members, size_t count,
                                 int* format, struct wfc_fault* fault) {
    wfc_view name;
    size_t i = 0;
    if (!wfc_string(text, &name) || !wfc_take(text, ':')) return wfc_not_json(fault);
    if (wfc_same(name, "format")) {
        if ((*format)++) return wfc_wrong(fault, "format", "/format stands twice");
        return wfc_format(text, fault);
    }
    while (i < count && !wfc_same(name, members[i].name)) ++i;
    if (i == count) return wfc_wrong(fault, NULL, "the document has a member that is not known");
    if (members[i].found++) return wfc_wrong(fault, members[i].name, "the member stands twice");
    wfc_skip_space(text);
    if (text->at != text->end && *text->at != '"')
        return wfc_wrong(fault, members[i].name, "the member must be a string");
    return wfc_string(text, &members[i].value) ? 1 : wfc_not_json(fault);
}

/* Fills `members`, whatever stood in them; 1 if all of them were found and nothing else, otherwise 0 and
 * `*fault`. `"format": 1` may stand in any document. */
static inline int wfc_read_strings(wfc_view json, struct wfc_member* members, size_t count,
                                   struct wfc_fault* fault) {
    struct wfc_cursor text;
    int format = 0;
    size_t i;
    for (i = 0; i < count; ++i) {
        members[i].value = wfc_text("");
        members[i].found = 0;
    }
    if (json.size > 65536) return wfc_wrong(fault, NULL, "the document is larger than 64 KiB");
    if (json.size == 0) return wfc_wrong(fault, NULL, "the document is empty");
    text.at = (const unsigned char*)json.data;
    text.end = text.at + json.size;
    if (!wfc_take(&text, '{')) return wfc_wrong(fault, NULL, "the document must be an object");
    if (!wfc_take(&text, '}')) {
        do {
            if (!wfc_one_member(&text, members, count, &format, fault)) return 0;
        } while (wfc_take(&text, ','));
        if (!wfc_take(&text, '}')) return wfc_not_json(fault);
    }
    wfc_skip_space(&text);
    if (text.at != text.end) return wfc_not_json(fault);
    for (i = 0; i < count; ++i) {
        if (!members[i].found) return wfc_wrong(fault, members[i].name, "the member is missing");
    }
    return 1;
}

/* Reads the value of the one member that `json` has; what is wrong is refused with `otherwise`, which is
 * returned. */
static inline wfc_status wfc_read_only(wfc_view json, const char* name, wfc_view* value, wfc_sink sink,
                                       wfc_status otherwise) {
    struct wfc_member member = {name, {NULL, 0}, 0};
    struct wfc_fault fault;
    if (!wfc_read_strings(json, &member, 1, &fault)) return wfc_refuse(sink, otherwise, fault);
    *value = member.value;
    return WFC_OK;
}

#endif
