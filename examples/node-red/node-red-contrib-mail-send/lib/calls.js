/**
 * Calls of components: what the nodes and the editor's endpoints of one Node-RED process share.
 *
 * Guarantees: a call ends exactly once, with a result and never with an exception, also where the process behind it
 * died, could not be started or is not installed. No call is begun twice. What was not begun waits for the next
 * process; what was begun when the process died is `unknown`, or `failed` where its operation has no effects.
 * What waits is bounded in number and bytes.
 * Does not: know what a component does, keep anything on disk beyond the files of a call, retry what was begun.
 *
 * createCalls({command, args, env, log, words, limits, after}) → Calls
 *   command  the path of wfc, or a function that returns it (or {command}) and throws an Error whose message says what
 *            to do where there is none; asked before each start (find_wfc.js)
 *   args     what follows `serve`, e.g. ['--components', folder, '--root', folder]
 *   env      environment of the process (default: process.env); give it WFC_HOME
 *   log      (level, text): level is one of trace debug info warning error; text is one printable, bounded line
 *   words    (key, params, language) → text of the catalogue with params put in for __name__; keys panel.host.*
 *            (call_result.js)
 *   limits   {calls: 16 running, queue: 1000 waiting, bytes: 256 MiB waiting, savedBytes: 1 MiB of one saved blob,
 *            prepareMs: 60000 for a load or configure, logLevel: 'info'}, and the times of host_process.js
 *   after    Promise: nothing is started before it is settled (the process before this one ends)
 *
 * Calls
 *   use(key, {type, settings, secrets})
 *       Says what component a key stands for. The same content again changes nothing; other content is a new component
 *       (calls that were made before keep the old one, which is unloaded after them). Starts nothing: the component is
 *       loaded and configured before its first call, and again in each new process.
 *       key: 1 to 100 of [A-Za-z0-9._-] (a node's id); settings: the document, or null where the operations need none;
 *       secrets: {name: value}. Throws a TypeError on a wrong key.
 *   drop(key)
 *       No new calls; unloaded and its secrets forgotten after those that were made. An unknown key is no error.
 *   invoke({component, operation, input, call, timeoutMs, blobs, save, effects, ports, language, ahead, signal,
 *           onProgress, onPrompt}) → {id, result, begun, cancel(), answer(pasted)}
 *       component  a key of use();  operation  its id;  input  plain data, copied at once
 *       call       the call's id: equal ids are the same work (default: a fresh random one)
 *       timeoutMs  from now, waiting included (default: none but the component's own)
 *       blobs      {name: Buffer | Uint8Array | string}: not copied, do not write to them before the end
 *       save       names of blobs of the result to keep
 *       effects    of the operation, from the manifest; only 'none' means that it may be repeated (default: 'unknown')
 *       ports      of the operation, to name the port of a result that is made here
 *       language   'en' or 'ja': of explanations made here (default 'en')
 *       ahead      true: a person is looking; waits for no message, and no message for it (call_queue.js)
 *       signal     an AbortSignal: as cancel()
 *       onProgress (event), onPrompt (question): as PROTOCOL.md says; called before `result` is settled
 *     id      the call's id
 *     result  Promise, never rejected: {status, outcome, port?, document, blobs: {name: {bytes, data}}}
 *             status, outcome, document as PROTOCOL.md says; data is a Buffer, or null over savedBytes
 *     begun           whether the host may have it already, or it is over
 *     cancel()        ends it: at once where it was not begun, otherwise within a second or so, with its own result
 *     answer(pasted)  → Promise<{known}>, for a call that prompted
 *   stop() → Promise
 *       For good. What waits ends as failed (nothing was begun); what runs has three seconds and is then cancelled;
 *       what is still not over after five seconds is killed and ends as above. Later calls fail at once. Idempotent.
 *   busy  {running, waiting, bytes}
 */
'use strict';

const { blobBytes, readBlob, removeBlobs, writeBlobs } = require('./blobs.js');
const { Call } = require('./call.js');
const { CallQueue, PLACES } = require('./call_queue.js');
const { isDocument, madeResult, refusedResult, unconfiguredResult } = require('./call_result.js');
const { Components } = require('./components.js');
const { HostEnded } = require('./host_child.js');
const { HostProcess } = require('./host_process.js');
const { Unwritable, jsonText } = require('./lines.js');

const MIB = 1024 * 1024;
const LIMITS = { calls: 16, queue: 1000, bytes: 256 * MIB, savedBytes: MIB, prepareMs: 60000 };
// How often a call is tried in a new process when the old one died before the call was begun.
const TRIES = 5;
// How a call waits that the host cannot take although it said that it could.
const BUSY = { pauseMs: 100, tries: 100 };

class Calls {
    constructor({ command, args, env, log = () => {}, words = () => undefined, limits = {}, after }) {
        this.limits = { ...LIMITS, ...limits };
        this.words = words;
        this.components = new Components(this.limits);
        this.queue = new CallQueue(this.limits.queue, this.limits.bytes);
        this.running = new Map();
        this.pause = undefined;
        this.stopping = undefined;
        const tell = {
            ready: () => this.pump(),
            ended: () => this.pump(),
            unavailable: ({ problem, detail }) => this.failWaiting(problem, { detail }),
        };
        // The host counts a call until a moment after its result: it may have a few more than run here.
        const most = Math.min(1024, this.limits.calls + PLACES.people + PLACES.spare + 4);
        const all = ['--calls', String(most), ...(args || [])];
        this.host = new HostProcess({ command, args: all, env, log, limits, tell, after });
    }

    get busy() {
        return { running: this.running.size, waiting: this.queue.length, bytes: this.queue.bytes };
    }

    use(key, content) {
        this.components.use(key, content);
    }

    drop(key) {
        this.components.drop(key);
    }

    invoke(wanted) {
        const call = new Call(wanted, this.words);
        const handle = {
            id: call.id,
            result: call.result,
            get begun() {
                return call.begun;
            },
            cancel: () => this.cancel(call),
            answer: (pasted) => call.answer(pasted),
        };
        const problem = this.accept(call, wanted);
        if (problem) call.fail(problem.problem, problem.params);
        else this.pump();
        return handle;
    }

    /** Puts a call into the queue, or says why not: {problem, params}. */
    accept(call, { component, input, blobs, signal }) {
        if (this.stopping) return { problem: 'stopping' };
        try {
            call.input = jsonText(input === undefined ? {} : input);
            call.bytes = Buffer.byteLength(call.input) + blobBytes(blobs);
        } catch (error) {
            return unwritable(error);
        }
        const problem = this.queue.refusal(call.bytes);
        if (problem) return { problem, params: { detail: `${call.bytes} bytes`, count: this.queue.length } };
        call.component = this.components.take(component);
        if (!call.component) return { problem: 'no-component' };
        this.queue.add(call);
        call.onOver = () => {
            this.queue.written(call);
            this.components.release(call.component);
        };
        call.watch(signal, () => this.cancel(call), () => this.endUnbegun(call, 'deadline'));
        return undefined;
    }

    cancel(call) {
        if (call.over || this.endUnbegun(call, 'cancelled')) return;
        call.tellHost({ type: 'cancel' }, 'cancelled').catch(() => {});
    }

    /** Ends a call that the host has not got: whether that was so. */
    endUnbegun(call, problem) {
        if (call.request && call.request.handed) return false;
        this.queue.remove(call);
        call.fail(problem);
        if (call.request) call.child.withdraw(call.request);
        return true;
    }

    failWaiting(problem, params) {
        for (const call of this.queue.takeAll()) call.fail(problem, params);
    }

    pump() {
        if (this.stopping || this.pause || this.queue.length === 0) return;
        const child = this.host.current;
        if (!child) {
            this.host.want();
            return;
        }
        const { calls } = child.hello.limits || {};
        for (let call; (call = this.queue.take(this.limits.calls, calls)); ) {
            this.running.set(call, this.run(call, child).finally(() => {
                this.running.delete(call);
                this.queue.ended(call);
                this.pump();
            }));
        }
    }

    /** Takes a call through its stages in one process. Never rejected. */
    async run(call, child) {
        let files;
        call.child = child;
        call.request = undefined;
        try {
            const refused = await this.components.ready(call.component, child);
            if (call.over) return;
            if (refused) {
                this.refused(call, refused);
                return;
            }
            files = await writeBlobs(child.hello.blobs, call.blobs);
            if (call.over) return;
            call.request = child.ask(call.members(files), 'result', {
                written: { input: call.input },
                onLine: (line) => call.hear(line),
                onWritten: () => this.queue.written(call),
            });
            const line = await call.request.answer;
            if (line.type === 'error') {
                this.refused(call, line);
                return;
            }
            files = undefined;
            await this.finish(call, line);
        } catch (error) {
            this.failed(call, error);
        } finally {
            // The host removes the files of calls that it began.
            if (files) await removeBlobs(child.hello.blobs, files);
        }
    }

    async finish(call, line) {
        if (!isDocument(line.document) || typeof line.status !== 'string') {
            call.fail(call.repeatable ? 'unreadable-failed' : 'unreadable-unknown');
            return;
        }
        let blobs = {};
        try {
            for (const [name, { file, bytes }] of Object.entries(line.blobs || {})) {
                blobs[name] = { bytes, data: await readBlob(call.child.hello.blobs, file, this.limits.savedBytes) };
            }
            if (Object.keys(blobs).length > 0) call.tellHost({ type: 'release' }, 'released').catch(() => {});
        } catch {
            blobs = {}; // What was done is done: its result stands, without what was kept of it.
        }
        const { status, port, document } = line;
        const outcome = line.outcome || document.outcome || (status === 'ok' ? 'succeeded' : 'failed');
        call.end({ status, outcome, ...(port === undefined ? {} : { port }), document, blobs });
    }

    /** The host's `error`, or a `configured` that is not ok: nothing was begun. */
    refused(call, line) {
        const id = line.type === 'error' && line.error && line.error.id;
        if (id === 'closing' || id === 'ended') {
            call.child.close();
            this.again(call);
        } else if (id === 'busy' && call.request && ++call.busyTries < BUSY.tries && !this.stopping) {
            call.request = undefined;
            this.queue.putBack(call);
            this.pause = this.pause || setTimeout(() => {
                this.pause = undefined;
                this.pump();
            }, BUSY.pauseMs);
        } else {
            const result = line.type === 'error' ? refusedResult : unconfiguredResult;
            call.end(result(line, call.telling));
        }
    }

    failed(call, error) {
        if (call.over) return;
        if (call.begun) {
            call.fail(call.repeatable ? 'ended-failed' : 'ended-unknown', { how: error.how || error.message });
        } else if (error instanceof HostEnded || !call.child.taking) {
            this.again(call);
        } else if (error instanceof Unwritable) {
            const { problem, params } = unwritable(error);
            call.fail(problem, params);
        } else {
            call.fail('blobs', { detail: error.code || error.message });
        }
    }

    /** The process ended before the call was begun: it waits for the next one. */
    again(call) {
        call.request = undefined;
        if (this.stopping) call.fail('stopping');
        else if (++call.tries >= TRIES) call.fail('ended-often', { count: call.tries });
        else this.queue.putBack(call);
    }

    stop() {
        this.stopping = this.stopping || this.finishAll();
        return this.stopping;
    }

    async finishAll() {
        await undefined; // so that `stopping` is set before anything ends
        clearTimeout(this.pause);
        this.failWaiting('stopping');
        await this.host.stop();
        await Promise.all(this.running.values());
    }
}

function unwritable(error) {
    const problem = error instanceof Unwritable && error.reason === 'too-long' ? 'too-long' : 'not-plain';
    return { problem, params: { detail: error.message } };
}

/** See the top of this file. */
function createCalls(options) {
    return new Calls(options);
}

module.exports = { createCalls };
