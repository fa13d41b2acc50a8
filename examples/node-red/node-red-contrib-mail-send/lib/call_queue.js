/**
 * Calls that wait, in the order in which they came, bounded in number and in bytes.
 *
 * Guarantees: adding, taking and removing cost the same however many wait. What comes back goes to the front.
 * Does not: run anything. Bytes are counted until `written`, also of calls that were taken.
 */
'use strict';

class CallQueue {
    /** At most `longest` calls wait and `bytes` bytes are kept. */
    constructor(longest, bytes) {
        this.longest = longest;
        this.mostBytes = bytes;
        this.bytes = 0;
        this.lanes = [new Set(), new Set(), new Set()];
    }

    get length() {
        return this.lanes.reduce((sum, lane) => sum + lane.size, 0);
    }

    /** Why a call of so many bytes cannot be taken, as a problem of call_result.js, or undefined. */
    refusal(bytes) {
        if (bytes > this.mostBytes) return 'too-long';
        if (this.length >= this.longest) return 'queue-full';
        return this.bytes + bytes > this.mostBytes ? 'bytes-full' : undefined;
    }

    /** `ahead`: before those that wait, but after those that came back. `call.bytes` are counted from now on. */
    add(call, ahead) {
        this.bytes += call.bytes;
        this.lanes[ahead ? 1 : 2].add(call);
    }

    /** A call that was taken and could not be begun. */
    putBack(call) {
        this.lanes[0].add(call);
    }

    /** The next one, or undefined. */
    take() {
        for (const lane of this.lanes) {
            for (const call of lane) {
                lane.delete(call);
                return call;
            }
        }
        return undefined;
    }

    /** Takes `call` out: whether it waited. */
    remove(call) {
        return this.lanes.some((lane) => lane.delete(call));
    }

    /** Its bytes are kept no more. */
    written(call) {
        this.bytes -= call.bytes;
        call.bytes = 0;
    }
}

module.exports = { CallQueue };
