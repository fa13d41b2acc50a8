/**
 * The node on the canvas: a message comes, a call of the component is made of it, the message leaves by its result.
 *
 * Guarantees: each message leaves exactly once, whatever it holds and whatever happens to the host: by a wire or
 * through done (ports.js). Nothing throws into Node-RED. A message is new work (a fresh call id) unless the person maps
 * a key.
 * On close, what was not begun ends as failed, what runs has 12 s; what comes later goes to late_results.js, and the
 * log says at once that it is not known.
 * Does not: know what the component does; `fromMessage` may.
 */
'use strict';

const { randomUUID } = require('node:crypto');
const { Fields, fieldsOnly } = require('./fields');
const { nodeResult } = require('./node_result');
const { Unusable } = require('./plain_value');
const { isGood, isWired, leave, portIndex } = require('./ports');
const { StatusLine } = require('./status');

/** Node-RED waits 15 s for a node that closes. */
const CLOSING_MS = 12000;
const LONGEST_CALL_ID = 256;

/** The call's id: what the person mapped, or a fresh one. */
function callId(given) {
    if (!given.has('call_id')) return randomUUID();
    const id = given.get('call_id');
    const text = typeof id === 'number' ? String(id) : id;
    const fits = typeof text === 'string' && text !== '' && text.length <= 2 * LONGEST_CALL_ID
        && Array.from(text).length <= LONGEST_CALL_ID && !/[\0-\x1f\x7f]/.test(text);
    if (!fits) {
        throw new Unusable('The field call_id',
            `must come to a string of 1 to ${LONGEST_CALL_ID} characters in one line`);
    }
    return text;
}

/** The life of one flow node. */
class FlowNode {
    constructor(RED, panel, host, options, node, config) {
        Object.assign(this, { RED, panel, host, options, node, config });
        this.fields = new Fields(RED, node, panel, config, ['call_id']);
        this.status = new StatusLine(node, (key, params) => this.statusWord(key, params));
        this.entries = new Set();
        this.warned = new Set();
        this.connecting = new Set(options.connecting || ['connect']);
        this.unregister = host.late.register(node, (msg, result) => this.routeLate(msg, result));
    }

    get account() {
        const account = this.config.account ? this.RED.nodes.getNode(this.config.account) : null;
        return account && typeof account.invoke === 'function' ? account : null;
    }

    say(key, params) {
        return this.host.words(this.account?.language ?? this.panel.languages[0], key, params);
    }

    statusWord(key, params) {
        const own = this.options.status?.[this.account?.language ?? 'en']?.[key];
        if (own) return own.replace(/__(\w+?)__/g, (whole, name) => (params && name in params ? params[name] : whole));
        if (key === 'done') return this.say(`ports.${this.panel.ports[0]}.label`);
        return this.say(key.includes('.') ? key : `panel.status.${key}`, params);
    }

    made(kind, message, pointer) {
        const say = (key, params) => this.say(key, params);
        return nodeResult(kind, { say, ports: this.panel.ports, prefix: this.options.prefix, message, pointer });
    }

    /** The input event. Never throws, never rejects. */
    async take(msg, send, done) {
        const entry = { msg, send, done };
        this.entries.add(entry);
        this.status.begin();
        let result;
        try {
            result = await this.work(entry);
        } catch (error) {
            result = error instanceof Unusable
                ? this.made('input', error.message, error.pointer)
                : this.made('internal', `the message was not handed over (${error && error.name})`);
        }
        this.settle(entry, this.withWarnings(result, entry.warnings || []));
    }

    async work(entry) {
        const given = await this.fields.evaluate(entry.msg);
        const call = callId(given);
        const { fromMessage = fieldsOnly } = this.options;
        const { input, blobs, warnings } = fromMessage(entry.msg, given, {
            panel: this.panel,
            flags: this.config,
            roots: this.host.roots,
            language: this.account?.language ?? 'en',
            isFixed: (name) => this.fields.isFixed(name),
        });
        entry.warnings = warnings;
        if (this.closing) return this.made('stopped', 'the flow was stopped before this was sent');
        const account = this.account;
        if (!account) return this.made('account', 'no account is chosen in the node, or it is disabled');
        entry.handle = account.invoke({
            call,
            operation: this.panel.operation,
            input,
            blobs,
            onProgress: (event) => this.heard(entry, event),
        });
        const result = await entry.handle.result;
        const unsent = entry.stopped && result.outcome === 'cancelled';
        return unsent ? this.made('stopped', 'the flow was stopped before this was sent') : result;
    }

    heard(entry, event) {
        entry.begun = true;
        if (event && !this.connecting.has(event.stage)) this.status.progress();
    }

    /** Puts the warnings beside the component's own, and each kind once into the log. */
    withWarnings(result, warnings) {
        for (const { id, text } of warnings) {
            if (!this.warned.has(id)) this.node.warn(text);
            this.warned.add(id);
        }
        if (warnings.length === 0) return result;
        const own = Array.isArray(result.document.warnings) ? result.document.warnings : [];
        return { ...result, document: { ...result.document, warnings: [...own, ...warnings.map(({ text }) => text)] } };
    }

    settle(entry, result) {
        this.entries.delete(entry);
        this.status.end(result, isGood(result));
        try {
            if (this.canRoute(result)) this.route(entry, result);
            else this.host.late.add(this.node, entry.msg, result);
        } catch (error) {
            this.node.error(`${error && error.message}`, entry.msg);
        }
        if (this.entries.size === 0 && this.closed) this.closed();
    }

    /** Whether what this node sends still arrives somewhere. */
    canRoute(result) {
        if (!this.closing) return true;
        const index = portIndex(this.panel.ports, result);
        if (this.gone) return false;
        if (!isWired(this.node, index)) return isGood(result);
        return this.node.wires[index].some((id) => this.RED.nodes.getNode(id));
    }

    route({ msg, send, done }, result) {
        const port = this.panel.ports[portIndex(this.panel.ports, result)];
        const unwired = this.say('panel.node.unwired', { port: this.say(`ports.${port}.label`) });
        leave({ node: this.node, panel: this.panel, msg, result, send, done, unwired });
    }

    /** A result for the node that had this id before. */
    routeLate(msg, result) {
        const done = (error) => error && this.node.error(error, msg);
        this.route({ msg, send: (outputs) => this.node.send(outputs), done }, result);
    }

    /** Stops: `done` is called within 12 s. */
    close(done) {
        this.closing = true;
        this.unregister();
        this.status.close();
        const finish = () => {
            clearTimeout(timer);
            this.gone = true;
            this.closed = undefined;
            done();
        };
        const leave = () => {
            for (const { msg } of this.entries) this.host.late.leave(this.node, msg);
            finish();
        };
        const timer = setTimeout(leave, this.options.closingMs ?? CLOSING_MS);
        this.closed = finish;
        for (const entry of this.entries) {
            // Without progress it still waits or has only just begun: it says itself whether it could be stopped.
            if (entry.handle && !entry.begun) {
                entry.stopped = true;
                entry.handle.cancel();
            }
        }
        if (this.entries.size === 0) finish();
    }
}

/**
 * Registers the flow node's type.
 *   host     {words(language, key, params), late: LateResults, roots: folders that the administrator gave}
 *   options  {fromMessage(msg, given, context) → {input, blobs, warnings: [{id, text}]}, which throws Unusable;
 *            prefix of the sentences made here; status: {language: {connecting, running, running_count, done}};
 *            connecting: stages of progress before the work itself; closingMs}
 */
function registerFlowNode(RED, panel, host, options = {}) {
    function Node(config) {
        RED.nodes.createNode(this, config);
        const life = new FlowNode(RED, panel, host, options, this, config);
        this.on('input', (msg, send, done) => {
            life.take(msg, send, done);
        });
        this.on('close', (removed, done) => life.close(done));
    }
    RED.nodes.registerType(panel.node, Node);
}

module.exports = { registerFlowNode };
