/**
 * Calls that wait, bounded in number and in bytes, and whose turn it is.
 *
 * Guarantees: a person waits for no message, and one component for no other: what a component calls is begun in the
 * order in which it came (what comes back goes to the front), components that run least come first and take turns, and
 * one that runs nothing need not wait until others that fill all places are done. Adding and removing cost the same
 * however many wait; taking looks at each component once.
 * Does not: run anything. Bytes are counted until `written`, also of calls that were taken.
 */
'use strict';

/** Places beyond the limit: for calls that a person waits for, and for components of which nothing runs. */
const PLACES = { people: 8, spare: 8 };

class CallQueue {
    /** At most `longest` calls wait and `bytes` bytes are kept. */
    constructor(longest, bytes) {
        this.longest = longest;
        this.mostBytes = bytes;
        this.bytes = 0;
        this.length = 0;
        this.people = { back: new Set(), fresh: new Set(), running: 0 };
        this.parts = new Map();
        this.messages = 0;
    }

    /** How many were taken and are not over. */
    get running() {
        return this.people.running + this.messages;
    }

    /** Why a call of so many bytes cannot be taken, as a problem of call_result.js, or undefined. */
    refusal(bytes) {
        if (bytes > this.mostBytes) return 'too-long';
        if (this.length >= this.longest) return 'queue-full';
        return this.bytes + bytes > this.mostBytes ? 'bytes-full' : undefined;
    }

    /** {back, fresh, running} of those among which a call waits. */
    partOf(call) {
        if (call.ahead) return this.people;
        if (!this.parts.has(call.component)) {
            this.parts.set(call.component, { back: new Set(), fresh: new Set(), running: 0 });
        }
        return this.parts.get(call.component);
    }

    /** `call.ahead`: a person waits for it. `call.bytes` are counted from now on. */
    add(call) {
        this.bytes += call.bytes;
        this.length++;
        this.partOf(call).fresh.add(call);
    }

    /** A call that was taken and could not be begun. */
    putBack(call) {
        this.ended(call);
        this.length++;
        this.partOf(call).back.add(call);
    }

    /** The next one, where `limit` messages may run and the host takes `most` calls; undefined where none may. */
    take(limit, most = Infinity) {
        if (this.running >= most) return undefined;
        if (this.people.running < PLACES.people && waits(this.people)) return this.taken(this.people);
        const usual = Math.min(limit, Math.max(1, most - PLACES.people - PLACES.spare));
        let least;
        let of;
        for (const [component, part] of this.parts) {
            if (waits(part) && (!least || part.running < least.running)) [of, least] = [component, part];
        }
        if (!least || this.messages >= usual + (least.running === 0 ? PLACES.spare : 0)) return undefined;
        // Behind the others, for the next time.
        this.parts.delete(of);
        this.parts.set(of, least);
        this.messages++;
        return this.taken(least);
    }

    taken(part) {
        const from = part.back.size > 0 ? part.back : part.fresh;
        const [call] = from;
        from.delete(call);
        this.length--;
        part.running++;
        call.placed = true;
        return call;
    }

    /** All that wait, which wait no more. */
    takeAll() {
        const all = [this.people, ...this.parts.values()].flatMap(({ back, fresh }) => [...back, ...fresh]);
        for (const call of all) this.remove(call);
        return all;
    }

    /** Takes `call` out: whether it waited. */
    remove(call) {
        const part = this.partOf(call);
        const waited = part.back.delete(call) || part.fresh.delete(call);
        if (waited) this.length--;
        this.forget(call.component, part);
        return waited;
    }

    /** A call that was taken leaves its place, if it has not yet. */
    ended(call) {
        if (!call.placed) return;
        call.placed = false;
        const part = this.partOf(call);
        part.running--;
        if (!call.ahead) this.messages--;
        this.forget(call.component, part);
    }

    forget(component, part) {
        if (part !== this.people && part.running === 0 && !waits(part)) this.parts.delete(component);
    }

    /** Its bytes are kept no more. */
    written(call) {
        this.bytes -= call.bytes;
        call.bytes = 0;
    }
}

function waits({ back, fresh }) {
    return back.size + fresh.size > 0;
}

module.exports = { CallQueue, PLACES };
