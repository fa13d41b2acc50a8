/**
 * How a message leaves a flow node: by the port of its result, or through `done`.
 *
 * Guarantees: the message that leaves is the one that came, with one member more (the result document). Exactly one of
 * send-and-done or done(error) happens. An error carries the document's sentence and the document.
 * Does not: wait for anything or change the status.
 */
'use strict';

const GOOD = new Set(['accepted', 'succeeded']);

/** The member of msg that holds the result document: the first word of the component's type. */
function memberName(type) {
    return type.split('-')[0];
}

/** Index of the port by which `result` leaves. What is cancelled, and what no port is named for, leaves by `failed`. */
function portIndex(ports, result) {
    const named = ports.indexOf(result.port);
    if (named !== -1) return named;
    const outcome = ports.indexOf(result.outcome);
    if (outcome !== -1) return outcome;
    const failed = ports.indexOf('failed');
    return failed !== -1 ? failed : ports.length - 1;
}

/** Whether the component did what it was asked for, all of it. */
function isGood(result) {
    return GOOD.has(result.outcome);
}

/** Whether something is wired to that port. */
function isWired(node, index) {
    const wires = Array.isArray(node.wires) ? node.wires[index] : undefined;
    return Array.isArray(wires) && wires.length > 0;
}

/** The Error for `done`: its message is the document's sentence, or `fallback` where the document has none. */
function errorOf(document, member, fallback) {
    const sentence = document && document.error && document.error.message;
    const error = new Error(typeof sentence === 'string' && sentence !== '' ? sentence : fallback);
    // Without a name Node-RED gives a Catch node the sentence alone; where it was made helps nobody who reads the log.
    error.name = '';
    error.stack = error.message;
    error[member] = document;
    return error;
}

/** The id that Node-RED gave a message, for a log; '?' where it has none or does not let it be read. */
function messageId(msg) {
    try {
        const id = msg._msgid;
        return typeof id === 'string' && id !== '' ? id.slice(0, 128) : '?';
    } catch {
        return '?';
    }
}

/** `msg` with the document; a copy only where msg refuses members (it is frozen). */
function withDocument(msg, member, document) {
    try {
        msg[member] = document;
        if (msg[member] === document) return msg;
    } catch {
        // as below
    }
    try {
        return { ...msg, [member]: document };
    } catch {
        return { [member]: document };
    }
}

/**
 * Lets `msg` leave. `send` and `done` are those of its input event, or stand-ins.
 * `unwired` is the sentence for a result without an error of its own whose port has no wire.
 */
function leave({ node, panel, msg, result, send, done, unwired }) {
    const member = memberName(panel.type);
    const leaving = withDocument(msg, member, result.document);
    const index = portIndex(panel.ports, result);
    if (isWired(node, index)) {
        const outputs = new Array(panel.ports.length).fill(null);
        outputs[index] = leaving;
        send(outputs);
        done();
    } else if (isGood(result)) {
        done();
    } else {
        done(errorOf(result.document, member, unwired));
    }
}

module.exports = { errorOf, isGood, isWired, leave, memberName, messageId, portIndex };
