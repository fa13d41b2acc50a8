/**
 * One call of an operation, from when it was asked for to its one result.
 *
 * Guarantees: `result` is settled once, whatever else happens later. What the call kept (input, blobs, timers) is let
 * go when it is over; until then the host may say that it was not begun, and it is tried again.
 * Does not: decide when it runs.
 */
'use strict';

const crypto = require('node:crypto');
const { HostEnded } = require('./host_child.js');
const { madeResult } = require('./call_result.js');

// The longest time that a timer takes, in milliseconds; longer ones would fire at once.
const LONGEST_TIMER = 2 ** 31 - 1;
// The longest time that a host takes, in milliseconds.
const LONGEST_TIME = 365 * 24 * 3600 * 1000;

class Call {
    /** `wanted` as for Calls.invoke. */
    constructor(wanted, words) {
        const { operation, timeoutMs, blobs, save, effects, ports, language, ahead, onProgress, onPrompt } = wanted;
        this.id = wanted.call === undefined ? crypto.randomUUID() : String(wanted.call);
        this.operation = operation;
        this.ahead = Boolean(ahead);
        this.blobs = blobs;
        this.save = save;
        this.repeatable = effects === 'none';
        this.telling = { words, language, ports };
        this.listeners = { progress: onProgress, prompt: onPrompt };
        this.timeoutMs = timeoutMs;
        this.until = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
        this.input = undefined;
        this.bytes = 0;
        this.component = undefined;
        this.child = undefined;
        this.request = undefined;
        this.tries = 0;
        this.busyTries = 0;
        this.over = false;
        this.onOver = undefined;
        this.result = new Promise((resolve) => (this.resolve = resolve));
    }

    /** Whether the host may have it, or it is over. */
    get begun() {
        return this.over || Boolean(this.request && this.request.handed);
    }

    /** Listens to an AbortSignal and sets the time for waiting. */
    watch(signal, abort, late) {
        if (this.until !== undefined) {
            this.timer = setTimeout(late, Math.min(LONGEST_TIMER, Math.max(0, this.timeoutMs)));
        }
        if (!signal) return;
        this.unwatch = () => signal.removeEventListener('abort', abort);
        if (signal.aborted) queueMicrotask(abort);
        else signal.addEventListener('abort', abort);
    }

    /** The members of its `invoke`, without the input. `files`: {name: file} of its blobs. */
    members(files) {
        const members = { type: 'invoke', component: this.component.name, operation: this.operation, call: this.id };
        if (this.until !== undefined) {
            const left = Math.round(this.until - performance.now());
            members.timeout_ms = Math.min(LONGEST_TIME, Math.max(1, left));
        }
        if (Object.keys(files).length > 0) members.blobs = files;
        if (this.save && this.save.length > 0) members.save = this.save;
        return members;
    }

    /** A line before the result. */
    hear(line) {
        const listener = this.over ? undefined : this.listeners[line.type];
        if (listener) listener(line.type === 'progress' ? line.event : line.question);
    }

    async answer(pasted) {
        if (this.over || !this.request || !this.request.handed) return { known: false };
        try {
            const line = await this.tellHost({ type: 'answer', pasted: String(pasted) }, 'answered');
            return { known: line.known === true };
        } catch {
            return { known: false };
        }
    }

    /** A request about this call: Promise of the host's line. */
    async tellHost(members, answers) {
        if (!this.child) throw new HostEnded(false);
        return this.child.ask({ ...members, of: this.request.id }, answers).answer;
    }

    /** Ends it with a result that no component made. */
    fail(problem, params) {
        if (!this.over) this.end(madeResult(problem, { ...this.telling, params }));
    }

    end(result) {
        if (this.over) return;
        this.over = true;
        clearTimeout(this.timer);
        if (this.unwatch) this.unwatch();
        this.input = undefined;
        this.blobs = undefined;
        this.listeners = {};
        if (this.onOver) this.onOver();
        this.resolve(result);
    }
}

module.exports = { Call };
