/**
 * The node on the canvas: a message comes, a call of the component is made of it, the message leaves by its result.
 *
 * Guarantees: each message leaves exactly once, whatever it holds and whatever happens to the host: by a wire or
 * through done (ports.js). Nothing throws into Node-RED. A message is new work (a fresh call id) unless the person maps
 * a key.
 * On close everything goes on for most of the time that Node-RED gives; near its end, what was not begun ends as
 * failed. What comes later goes to late_results.js, and the log says at once that it is not known.
 * Does not: know what the component does; `fromMessage` may.
 */
'use strict';

const { randomUUID } = require('node:crypto');
const { Fields, fieldsOnly, reason } = require('./fields');
const { nodeResult } = require('./node_result');
const { Unusable } = require('./plain_value');
const { errorOf, isGood, isWired, leave, memberName, messageId, portIndex } = require('./ports');
const { StatusLine } = require('./status');
const { Transit } = require('./transit');

/** How long Node-RED waits for a node that closes, where settings.js does not say. */
const CLOSE_MS = 15000;
/** How much of that a node takes, and how much of its own time what was not begun may wait. */
const SHARE = { closing: 0.8, waiting: 0.8 };
/** In bytes of UTF-8, as a host takes it. */
const LONGEST_CALL_ID = 256;

/** The call's id: what the person mapped, or a fresh one. `label`: of the field. */
function callId(given, label) {
    if (!given.has('call_id')) return randomUUID();
    const id = given.get('call_id');
    const text = typeof id === 'number' ? String(id) : id;
    const fits = typeof text === 'string' && text !== '' && text.length <= LONGEST_CALL_ID
        && Buffer.byteLength(text, 'utf8') <= LONGEST_CALL_ID && !/[\0-\x1f\x7f]/.test(text);
    if (!fits) {
        throw new Unusable(`The field "${label}" (call_id)`,
            `must come to a string of 1 to ${LONGEST_CALL_ID} bytes in one line`);
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
        this.transit = new Transit(RED);
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
        this.attempt(() => this.status.begin());
        let result;
        try {
            result = await this.work(entry);
        } catch (error) {
            result = error instanceof Unusable
                ? this.made('input', error.message, error.pointer)
                : this.made('internal', `the message was not handed over (${reason(error)})`);
        }
        this.settle(entry, result);
    }

    /** What must not cost a message where it throws. */
    attempt(act) {
        try {
            act();
        } catch (error) {
            this.log(`This could not be shown: ${reason(error)}`);
        }
    }

    log(text) {
        try {
            this.node.error(text);
        } catch {
            // There is nobody left to be told.
        }
    }

    async work(entry) {
        const given = await this.fields.evaluate(entry.msg);
        const call = callId(given, this.host.words('en', 'label.call_id'));
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
            onProgress: (event) => this.heard(event),
        });
        const result = await entry.handle.result;
        const unsent = entry.stopped && result.outcome === 'cancelled';
        return unsent ? this.made('stopped', 'the flow was stopped before this was sent') : result;
    }

    heard(event) {
        if (!event) return;
        const paused = event.retry_in_ms > 0 || event.queued === true;
        this.status.progress(!this.connecting.has(event.stage), paused);
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

    settle(entry, plain) {
        this.entries.delete(entry);
        let result = plain;
        this.attempt(() => (result = this.withWarnings(plain, entry.warnings || [])));
        this.attempt(() => this.status.end(result, isGood(result)));
        this.pass(entry, result);
        this.rest();
    }

    /** Routes a message, or keeps its result for the node that comes after this one. Never throws. */
    pass(entry, result) {
        try {
            if (this.canRoute(result)) this.route(entry, result);
            else this.host.late.add(this.node, entry.msg, result);
        } catch (error) {
            this.report(entry.msg, result, error);
        }
    }

    /**
     * Tells a Catch node, or the log, of a message that Node-RED could not pass on: making a copy of it throws, where
     * it has a getter that does, or is too deep. Therefore nothing of the message goes with it.
     */
    report(msg, result, thrown) {
        const { document, outcome } = result;
        const member = memberName(this.panel.type);
        const sentence = (document.error && document.error.message) || `outcome ${outcome}`;
        const text = `${sentence} (Node-RED could not pass on the message itself: ${reason(thrown)})`;
        try {
            const error = Object.assign(errorOf(undefined, member, text), { [member]: document });
            this.node.error(error, { _msgid: messageId(msg), [member]: document });
        } catch {
            this.log(text);
        }
    }

    /** When the node is closing and nothing is left of it. */
    rest() {
        if (this.closed && this.entries.size === 0 && this.transit.open === 0) this.closed();
    }

    /** Whether what this node sends still arrives somewhere. */
    canRoute(result) {
        if (!this.closing && !this.host.late.stopping) return true;
        const index = portIndex(this.panel.ports, result);
        if (this.gone) return false;
        if (!isWired(this.node, index)) return !this.closing || isGood(result);
        return this.node.wires[index].some((id) => this.RED.nodes.getNode(id));
    }

    route({ msg, send, done }, result) {
        const index = portIndex(this.panel.ports, result);
        const port = this.say(`ports.${this.panel.ports[index]}.label`);
        const unwired = this.say('panel.node.unwired', { port });
        const sent = (outputs) =>
            this.transit.follow(this.node.wires[index], () => send(outputs), (fate) => {
                this.arrived(outputs[index], result, fate);
            });
        leave({ node: this.node, panel: this.panel, msg, result, send: sent, done, unwired });
    }

    /** What is known of a message once Node-RED has handed it over, as Transit tells it. */
    arrived(msg, result, fate) {
        const { late } = this.host;
        this.attempt(() => {
            if (fate === 'lost') late.add(this.node, msg, result);
            else if (fate === 'unclear') late.unclear(this.node, msg, result);
        });
        this.rest();
    }

    /** A result for the node that had this id before. Never throws. */
    routeLate(msg, result) {
        const done = (error) => error && this.node.error(error, msg);
        try {
            this.route({ msg, send: (outputs) => this.node.send(outputs), done }, result);
        } catch (error) {
            this.report(msg, result, error);
        }
    }

    /** Stops: `done` is called within the time that Node-RED gives. */
    close(done) {
        this.closing = true;
        this.unregister();
        this.attempt(() => this.status.close());
        const time = this.options.closingMs ?? SHARE.closing * (this.RED.settings.nodeCloseTimeout || CLOSE_MS);
        const timers = [
            setTimeout(() => this.stopWaiting(), SHARE.waiting * time),
            setTimeout(() => {
                for (const { msg } of this.entries) this.attempt(() => this.host.late.leave(this.node, msg));
                this.closed();
            }, time),
        ];
        this.closed = () => {
            timers.forEach(clearTimeout);
            this.gone = true;
            this.closed = undefined;
            done();
        };
        this.rest();
    }

    /** Ends what was not begun; what was begun is left to itself. */
    stopWaiting() {
        for (const entry of this.entries) {
            if (entry.handle && !entry.handle.begun) {
                entry.stopped = true;
                entry.handle.cancel();
            }
        }
    }
}

/**
 * Registers the flow node's type.
 *   host     {words(language, key, params), late: LateResults, roots: folders that the administrator gave}
 *   options  {fromMessage(msg, given, context) → {input, blobs, warnings: [{id, text}]}, which throws Unusable;
 *            prefix of the sentences made here; status: {language: {connecting, paused, running, running_count, done}};
 *            connecting: stages of progress before the work itself; closingMs: for closing, instead of
 *            most of Node-RED's own time}
 */
function registerFlowNode(RED, panel, host, options = {}) {
    function Node(config) {
        RED.nodes.createNode(this, config);
        const life = new FlowNode(RED, panel, host, options, this, config);
        this.on('input', (msg, send, done) => {
            life.take(msg, send, done).catch((error) => life.log(`A message was lost: ${reason(error)}`));
        });
        this.on('close', (removed, done) => life.close(done));
    }
    RED.nodes.registerType(panel.node, Node);
}

module.exports = { registerFlowNode };
