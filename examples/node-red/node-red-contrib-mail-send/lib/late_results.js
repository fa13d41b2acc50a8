/**
 * Results that come when the node that asked for them is gone: a deploy replaced it, or removed it.
 *
 * Guarantees: such a result is told to the node that has the same id after the deploy, once the flows run; without one
 * it is dropped, as its flow is gone. Every one is written to the log first, with what became of the message; and so
 * is a message whose result nobody may be there to hear, as the process ends.
 * Does not: outlive the process.
 */
'use strict';

const { isGood, messageId } = require('./ports');

/** What the log says of a result: identifiers and sentences, nothing of its content. */
function told(result) {
    const { error, message_id: id } = result.document || {};
    return [`outcome ${result.outcome}`, id && `message ${id}`, error && error.message].filter(Boolean).join(', ');
}

class LateResults {
    constructor(events) {
        this.live = new Map();
        this.held = new Map();
        this.running = false;
        /** Whether a deploy is at work, which takes nodes away that come again. */
        this.stopping = false;
        events.on('flows:stopping', () => Object.assign(this, { running: false, stopping: true }));
        events.on('flows:starting', () => (this.running = false));
        events.on('flows:started', () => {
            Object.assign(this, { running: true, stopping: false });
            this.handOver();
        });
    }

    /** `take(msg, result)`, which never throws, is told late results of this node's id until the returned is called. */
    register(node, take) {
        this.live.set(node.id, take);
        return () => {
            if (this.live.get(node.id) === take) this.live.delete(node.id);
        };
    }

    /** Says that `node` waits no longer for what became of `msg`. Its result may come to add(), or never. */
    leave(node, msg) {
        node.warn(`The flow was stopped while message ${messageId(msg)} was being worked on: outcome unknown`);
    }

    /** Says that `msg` left `node` as the flows stopped, and may or may not have reached the nodes after it. */
    unclear(node, msg, result) {
        const what = `message ${messageId(msg)} was on its way to the next node`;
        node.warn(`The flow was stopped while ${what}: ${told(result)}`);
    }

    /** A result for a node that is closed, or that cannot pass it on now. */
    add(node, msg, result) {
        const line = `The flow was stopped before the result of message ${messageId(msg)} came: ${told(result)}`;
        node[isGood(result) ? 'log' : 'warn'](line);
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
