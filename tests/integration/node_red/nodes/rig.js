'use strict';
// Nodes and a notebook for tests: what happens on the canvas is written to RIG_EVENTS, one JSON object a line, in order.
//
// Guarantees: a line is whole when it is there; whatever a message holds, writing it down fails for nobody: cycles are
// "$cycle", Buffers {"$bytes": size, "$base64": the first 64 KiB}, functions "$function".

const fs = require('fs');

const SHOWN = 64 * 1024;

/** A copy of `value` that JSON can say. `above`: the objects it stands in. */
function plain(value, above = []) {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'function' || typeof value === 'symbol') return `$${typeof value}`;
    if (value === null || typeof value !== 'object') return value;
    if (above.includes(value)) return '$cycle';
    if (Buffer.isBuffer(value)) return { $bytes: value.length, $base64: value.subarray(0, SHOWN).toString('base64') };
    if (value instanceof Date) return String(value);
    if (value instanceof Error) return { name: value.name, message: value.message, ...value };
    if (above.length > 60) return '$deep';
    const inner = [...above, value];
    if (Array.isArray(value)) return value.map((each) => plain(each, inner));
    const copy = {};
    for (const key of Object.keys(value)) {
        Object.defineProperty(copy, key, { value: plain(value[key], inner), enumerable: true });
    }
    return copy;
}

/** The other way, for messages that a test sends: {"$base64": …} becomes a Buffer. */
function lively(value) {
    if (value === null || typeof value !== 'object') return value;
    if (typeof value.$base64 === 'string') return Buffer.from(value.$base64, 'base64');
    if (Array.isArray(value)) return value.map(lively);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lively(each)]));
}

module.exports = function (RED) {
    const notebook = fs.openSync(process.env.RIG_EVENTS, 'a', 0o600);
    const note = (event) => fs.writeSync(notebook, `${JSON.stringify({ at_ms: Date.now(), ...event })}\n`);

    RED.events.on('flows:started', () => note({ kind: 'started' }));
    RED.events.on('node-status', (event) => note({ kind: 'status', node: event.id, status: plain(event.status) }));

    function Source(config) {
        RED.nodes.createNode(this, config);
    }
    function Sink(config) {
        RED.nodes.createNode(this, config);
        this.on('input', (msg, _send, done) => {
            note({ kind: 'message', node: this.id, msg: plain(msg) });
            done();
        });
    }
    RED.nodes.registerType('rig-source', Source);
    RED.nodes.registerType('rig-sink', Sink);

    // The body is a list of messages; they leave one after the other.
    RED.httpAdmin.post('/rig/:id', (request, response) => {
        const source = RED.nodes.getNode(request.params.id);
        if (!source) return response.sendStatus(404);
        for (const msg of request.body) source.send(lively(msg));
        return response.sendStatus(200);
    });
    RED.httpAdmin.get('/rig/memory', (_request, response) => {
        if (global.gc) global.gc();
        response.json(process.memoryUsage());
    });
};
