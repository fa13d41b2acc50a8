/**
 * Results that come when the node that asked for them is gone: a deploy replaced it, or removed it.
 *
 * Guarantees: such a result is told to the node that has the same id after the deploy, once the flows run; without one
 * it is dropped, as its flow is gone. Every one is written to the log first, with what became of the message; and so
 * is a message whose result nobody may be there to hear, as the process ends.
 * Does not: outlive the process.
 */
'use strict';

/** What the log says of a message whose flow is gone: identifiers and sentences, nothing of its content. */
function logLine(msg, result) {
    const { error, message_id: id } = result.document || {};
    const what = [`outcome ${result.outcome}`, id && `message ${id}`, error && error.message].filter(Boolean);
    return `The flow was stopped before the result of message ${msg && msg._msgid} came: ${what.join(', ')}`;
}

class LateResults {
    constructor(events) {
        this.live = new Map();
        this.held = new Map();
        this.running = false;
        events.on('flows:starting', () => (this.running = false));
        events.on('flows:started', () => {
            this.running = true;
            this.handOver();
        });
    }

    /** `take(msg, result)` is told late results of this node's id until the returned function is called. */
    register(node, take) {
        this.live.set(node.id, take);
        return () => {
            if (this.live.get(node.id) === take) this.live.delete(node.id);
        };
    }

    /** Says that `node` waits no longer for what became of `msg`. Its result may come to add(), or never. */
    leave(node, msg) {
        node.warn(`The flow was stopped while message ${msg && msg._msgid} was being worked on: outcome unknown`);
    }

    /** A result for a node that is closed. */
    add(node, msg, result) {
        const log = result.outcome === 'accepted' || result.outcome === 'succeeded' ? 'log' : 'warn';
        node[log](logLine(msg, result));
        const take = this.live.get(node.id);
        if (take && this.running) {
            take(msg, result);
            return;
        }
        if (!this.held.has(node.id)) this.held.set(node.id, []);
        this.held.get(node.id).push([msg, result]);
    }

    handOver() {
        const held = this.held;
        this.held = new Map();
        for (const [id, results] of held) {
            const take = this.live.get(id);
            if (take) for (const [msg, result] of results) take(msg, result);
        }
    }
}

module.exports = { LateResults };
