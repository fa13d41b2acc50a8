/**
 * Messages on their way from one node to the next.
 *
 * Node-RED hands a message over in a turn of its own, to the node that stood there when it was sent. Where a deploy
 * closes that node in the same turn, the message vanishes without a word.
 *
 * Guarantees: after that turn it is known of each message whether every node that it was for could take it, none could,
 * or that cannot be decided; only the last two are told. What Node-RED hands over at once is not watched.
 * Does not: see what becomes of a message after it arrived, or touch it.
 */
'use strict';

/** Whether `node` still takes messages; undefined where it does not look like a node. A closed one never does again. */
function takes(node) {
    if (node === null || typeof node !== 'object' || !('_inputCallback' in node)) return undefined;
    return Boolean(node._inputCallback || node._inputCallbacks);
}

class Transit {
    constructor(RED) {
        this.RED = RED;
        /** Messages that are on their way. */
        this.open = 0;
    }

    /**
     * Calls `send`, which sends one message to the nodes with these ids. Later, in a turn of its own: `told('lost')`
     * where none of them can have got it, `told('unclear')` where some may have, `told(undefined)` otherwise.
     * Throws what `send` throws; nothing is told then.
     */
    follow(ids, send, told) {
        if (this.RED.settings.runtimeSyncDelivery) {
            send();
            told(undefined);
            return;
        }
        const targets = ids.map((id) => ({ id, node: this.RED.nodes.getNode(id), deaf: false }));
        const there = targets.filter(({ node }) => node);
        // Queued before the message: what takes nothing then did not get it.
        const before = setImmediate(() => {
            for (const target of there) target.deaf = takes(target.node) === false;
        });
        try {
            send();
        } catch (error) {
            clearImmediate(before);
            throw error;
        }
        this.open++;
        setImmediate(() => {
            this.open--;
            told(this.fate(there));
        });
    }

    fate(targets) {
        const missed = targets.filter(({ id, node }) => this.RED.nodes.getNode(id) !== node && takes(node) !== true);
        if (missed.length === 0) return undefined;
        return missed.length === targets.length && missed.every(({ deaf }) => deaf) ? 'lost' : 'unclear';
    }
}

module.exports = { Transit };
