#include "strings.h"

#include <string.h>

/* What is left to read. */
struct cursor {
    const unsigned char *at, *end;
};

/* `strchr` finds the NUL at the end too, which is none of the bytes. */
static int one_of(unsigned char byte, const char* bytes) {
    return byte != 0 && strchr(bytes, byte) != NULL;
}

static void skip_space(struct cursor* text) {
    while (text->at < text->end && one_of(*text->at, " \t\r\n")) ++text->at;
}

/* Takes `byte` after white space. */
static int take(struct cursor* text, unsigned char byte) {
    skip_space(text);
    if (text->at == text->end || *text->at != byte) return 0;
    ++text->at;
    return 1;
}

/* Bytes of the character at the cursor, 0 if it is none (RFC 3629). */
static size_t character(const struct cursor* text) {
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
static long hex4(const struct cursor* text) {
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
static int unicode_escape(struct cursor* text) {
    long unit = hex4(text);
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return 0;
    text->at += 4;
    if (unit < 0xD800 || unit > 0xDBFF) return 1;
    if (text->end - text->at < 6 || text->at[0] != '\\' || text->at[1] != 'u') return 0;
    text->at += 2;
    unit = hex4(text);
    text->at += 4;
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* A string, without its quotes and still escaped. */
static int string(struct cursor* text, wfc_view* out) {
    const unsigned char* begin;
    if (!take(text, '"')) return 0;
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
        length = character(text);
        if (length == 0) return 0;
        text->at += length;
        if (byte != '\\') continue;
        if (text->at == text->end || !one_of(*text->at, "\"\\/bfnrtu")) return 0;
        if (*text->at++ == 'u' && !unicode_escape(text)) return 0;
    }
    return 0;
}

static int same(wfc_view text, const char* word) {
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

static int wrong(struct fault* fault, const char* member, const char* sentence) {
    fault->member = member;
    fault->sentence = sentence;
    return 0;
}

/* One `"name": value`. */
static int one_member(struct cursor* text, struct member* members, size_t count, int* format,
                      struct fault* fault) {
    wfc_view name;
    size_t i = 0;
    if (!string(text, &name) || !take(text, ':')) return wrong(fault, NULL, "the document is not valid JSON");
    if (same(name, "format")) {
        if ((*format)++) return wrong(fault, "format", "/format stands twice");
        return take(text, '1') ? 1 : wrong(fault, "format", "/format must be 1");
    }
    while (i < count && !same(name, members[i].name)) ++i;
    if (i == count) return wrong(fault, NULL, "the document has a member that is not known");
    if (members[i].found++) return wrong(fault, members[i].name, "the member stands twice");
    return string(text, &members[i].value) ? 1 : wrong(fault, members[i].name, "the member must be a string");
}

int read_strings(wfc_view json, struct member* members, size_t count, struct fault* fault) {
    struct cursor text;
    int format = 0;
    size_t i;
    if (json.size > 65536) return wrong(fault, NULL, "the document is larger than 64 KiB");
    if (json.data == NULL) return wrong(fault, NULL, "the document is empty");
    text.at = (const unsigned char*)json.data;
    text.end = text.at + json.size;
    if (!take(&text, '{')) return wrong(fault, NULL, "the document must be an object");
    if (!take(&text, '}')) {
        do {
            if (!one_member(&text, members, count, &format, fault)) return 0;
        } while (take(&text, ','));
        if (!take(&text, '}')) return wrong(fault, NULL, "the document is not valid JSON");
    }
    skip_space(&text);
    if (text.at != text.end) return wrong(fault, NULL, "the document is not valid JSON");
    for (i = 0; i < count; ++i) {
        if (!members[i].found) return wrong(fault, members[i].name, "the member is missing");
    }
    return 1;
}
