/**
 * Lines of the protocol: JSON objects in UTF-8 that end with LF and have a bounded length.
 *
 * Guarantees: a reader keeps at most `limit` bytes of a line that is not finished; what is longer is reported once and
 * skipped to its end. A line that is written is valid UTF-8 also where a text holds half a surrogate pair, has one LF
 * (the last byte), and is nested no deeper than a host reads.
 * Does not: know any message.
 */
'use strict';

const LINE_BYTES = 8 * 1024 * 1024;
// A host reads lines with 64 levels; it refuses a deeper one without knowing which request it was. A part has less.
const DEPTH = 60;

/** Why a value cannot go into a line: `reason` is 'not-plain', 'too-deep' or 'too-long'. */
class Unwritable extends Error {
    constructor(reason, message) {
        super(message);
        this.name = 'Unwritable';
        this.reason = reason;
    }
}

/** Cuts a stream of Buffers into lines: `onLine(Buffer)` without LF; `onTooLong()` once for each line over `limit`. */
class LineReader {
    constructor(onLine, onTooLong, limit = LINE_BYTES) {
        this.onLine = onLine;
        this.onTooLong = onTooLong;
        this.limit = limit;
        this.parts = [];
        this.bytes = 0;
        this.skipping = false;
    }

    push(chunk) {
        let start = 0;
        for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
            this.keep(chunk.subarray(start, end));
            this.finish();
            start = end + 1;
        }
        this.keep(chunk.subarray(start));
    }

    keep(part) {
        if (part.length === 0 || this.skipping) return;
        if (this.bytes + part.length > this.limit) {
            this.parts = [];
            this.bytes = 0;
            this.skipping = true;
            this.onTooLong();
            return;
        }
        this.parts.push(part);
        this.bytes += part.length;
    }

    finish() {
        const line = this.parts.length === 1 ? this.parts[0] : Buffer.concat(this.parts, this.bytes);
        const skipped = this.skipping;
        this.parts = [];
        this.bytes = 0;
        this.skipping = false;
        if (!skipped) this.onLine(line);
    }
}

/** How deep the arrays and objects of a JSON text are nested. */
function depth(text) {
    let now = 0;
    let deepest = 0;
    for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === 0x22) {
            // To the quotation mark that ends the string: one with an even number of backslashes before it.
            for (;;) {
                at = text.indexOf('"', at + 1);
                let slashes = 0;
                while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
                if (slashes % 2 === 0) break;
            }
        } else if (code === 0x7b || code === 0x5b) {
            if (++now > deepest) deepest = now;
        } else if (code === 0x7d || code === 0x5d) {
            now--;
        }
    }
    return deepest;
}

/** JSON of plain data. Halves of surrogate pairs become U+FFFD. Throws Unwritable. */
function jsonText(value) {
    let text;
    try {
        text = JSON.stringify(value);
    } catch (error) {
        // Of the error's text only its beginning: a cyclic value's has many lines.
        throw new Unwritable('not-plain', String(error && error.message).split('\n')[0].slice(0, 200));
    }
    if (text === undefined) throw new Unwritable('not-plain', 'there is no value');
    if (depth(text) > DEPTH) throw new Unwritable('too-deep', `it is nested deeper than ${DEPTH}`);
    // JSON.stringify writes \udXXX for halves only; each match begins where an escape begins.
    if (!/\\ud[89a-f]/i.test(text)) return text;
    return text.replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/gi, (whole, half) => (half ? '\ufffd' : whole));
}

/** A line of `members` (plain data) and `written` ({name: JSON text}). Throws Unwritable, also over `limit` bytes. */
function joinLine(members, written = {}, limit = LINE_BYTES) {
    let text = jsonText(members).slice(0, -1);
    for (const [name, json] of Object.entries(written)) text += `,${JSON.stringify(name)}:${json}`;
    const line = Buffer.from(`${text}}\n`, 'utf8');
    if (line.length > limit) {
        throw new Unwritable('too-long', `it takes ${line.length} bytes, and a line has at most ${limit}`);
    }
    return line;
}

module.exports = { LINE_BYTES, LineReader, Unwritable, jsonText, joinLine };
