/**
 * What a host says to people, as lines of Node-RED's log.
 *
 * Guarantees: a line is printable, bounded, and one line; what pours is cut off and counted. No request is ever among
 * them. Does not: mask anything in what the host itself logs (its own log has no secrets).
 */
'use strict';

const LINE_LENGTH = 1000;
const SHOWN_JUNK = 200;
// Enough for a component that is being watched; a loop that prints fills no disk.
const BURST = { lines: 200, ms: 10000 };
const LEVELS = new Set(['trace', 'debug', 'info', 'warning', 'error']);

/** One line of at most `limit` characters: control characters and others that change how a line looks are escaped. */
function printable(text, limit = LINE_LENGTH) {
    const cut = String(text).slice(0, limit).toWellFormed();
    const shown = cut.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);
    return text.length > limit ? `${shown} …` : shown;
}

/** A `log` line of the protocol as {level, text}, or undefined where it is none. */
function logText(line) {
    if (typeof line.event !== 'string') return undefined;
    const level = LEVELS.has(line.level) ? line.level : 'info';
    let text = line.component === undefined ? line.event : `${line.component}: ${line.event}`;
    for (const [name, value] of Object.entries(line.fields || {})) {
        text += ` ${name}=${typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value)}`;
        if (text.length > LINE_LENGTH) break;
    }
    return { level, text: printable(text) };
}

/** A log that takes at most BURST.lines in BURST.ms of what a host says, and says how many lines were left out. */
class HostLog {
    /** `log(level, text)` may throw: nothing comes of it. */
    constructor(log, clock = () => performance.now()) {
        this.log = log;
        this.clock = clock;
        this.since = -Infinity;
        this.count = 0;
    }

    /** What this side has to say: always written. */
    say(level, text) {
        try {
            this.log(level, printable(text));
        } catch {
            // A log that fails must not cost a call.
        }
    }

    /** What the host says: bounded. */
    pass(level, text) {
        const now = this.clock();
        if (now - this.since > BURST.ms) {
            const left = this.count - BURST.lines;
            this.since = now;
            this.count = 0;
            if (left > 0) this.say('warning', `wfc serve: ${left} more lines were left out`);
        }
        this.count++;
        if (this.count <= BURST.lines) this.say(level, text);
    }

    /** A `log` line of the protocol. */
    passLine(line) {
        const said = logText(line);
        if (said) this.pass(said.level, said.text);
    }

    /** Something on standard output that is no line of the protocol. */
    passJunk(bytes) {
        const text = bytes.subarray(0, 4 * SHOWN_JUNK).toString('utf8');
        this.pass('warning', `wfc serve wrote what is no line of the protocol: ${printable(text, SHOWN_JUNK)}`);
    }
}

module.exports = { HostLog, printable };
