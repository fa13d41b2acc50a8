/* Reading the one kind of JSON this component takes: an object of strings, at most 64 KiB.
 *
 * Guarantees: the whole text is checked to be valid JSON of that shape, in UTF-8; unknown, missing and
 * repeated members are faults. Does not decode: a value stays as it is written between its quotes, which is
 * also how it is written into another document. */
#ifndef GREET_STRINGS_H
#define GREET_STRINGS_H
#include "wfc/component.h"

/* A member that may and must be there. `value` points into the text that was read. */
struct member {
    const char* name;
    wfc_view value;
    int found;
};

/* What is wrong; `member` is null when it is the document itself, and it lives as long as the program. */
struct fault {
    const char* member;
    const char* sentence;
};

/* Fills `members`; 1 if all of them were found and nothing else, otherwise 0 and `*fault`. `"format": 1` may
 * stand in any document. */
int read_strings(wfc_view json, struct member* members, size_t count, struct fault* fault);
#endif
