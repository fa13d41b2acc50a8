/**
 * One process `wfc serve`, from its start to its end: requests go in, each gets its one answer or an end.
 *
 * Guarantees: a request is written whole and in order, not before the pipe takes it; until then it can be taken back.
 * When the process ends, every request without answer is rejected with HostEnded, which says whether it had been
 * handed to the pipe. `ended` is settled after everything the process had said was read. Without `hello` in time, with
 * a line over the limit, or where it did not understand a line while answers are due, the process is killed.
 * Does not: start another one, know components or calls, log a request.
 */
'use strict';

const { spawn } = require('node:child_process');
const { LineReader, joinLine } = require('./lines.js');

const PROTOCOL = 1;
const STDERR_LINE_BYTES = 8192;

/** The process is over, or takes nothing any more. `written`: the request may have reached it. */
class HostEnded extends Error {
    constructor(written, how = 'ended') {
        super(`wfc serve ${how}`);
        this.name = 'HostEnded';
        this.written = written;
        this.how = how;
    }
}

class HostChild {
    /**
     * Starts it. `log` is a HostLog; `limits`: {helloMs, stopMs, logLevel}. Throws what spawn throws.
     * `ready`: Promise<hello> and `ended`: Promise<{how, last, missing}>, never rejected; `ready` may never be settled.
     */
    constructor({ command, args, env, log, limits }) {
        this.log = log;
        this.limits = limits;
        this.hello = undefined;
        this.over = false;
        this.taking = true;
        this.lastId = 0;
        this.pending = new Map();
        this.outgoing = new Set();
        this.blocked = false;
        this.why = undefined;
        this.last = '';
        this.timers = [];
        // A process group of its own: a Ctrl-C at the terminal is for Node-RED, which then ends it in order.
        this.process = spawn(command, ['serve', ...args], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
        this.ended = new Promise((resolve) => (this.tellEnd = resolve));
        this.ready = new Promise((resolve) => (this.tellReady = resolve));
        // First of all: without a listener an `error` would be the end of Node-RED.
        this.process.on('error', (error) => {
            if (this.process.pid !== undefined) return;
            this.finish(error.code || error.message, error.code === 'ENOENT' || error.code === 'EACCES');
        });
        const { stdin, stdout, stderr } = this.process;
        if (stdin && stdout && stderr) {
            this.listen();
            this.greet();
        } else {
            this.taking = false; // No file descriptor was left for the pipes; `error` comes and says so.
        }
    }

    listen() {
        const { stdin, stdout, stderr } = this.process;
        const lines = new LineReader((line) => this.read(line), () => this.kill('said a line that is too long'));
        stdout.on('data', (chunk) => lines.push(chunk));
        stdout.on('error', () => {});
        stdout.on('end', () => this.later(1000, () => this.kill('closed its output')));
        const tooLong = () => this.log.pass('info', 'wfc serve: (a line that is too long was left out)');
        const words = new LineReader((line) => this.hear(line), tooLong, STDERR_LINE_BYTES);
        stderr.on('data', (chunk) => words.push(chunk));
        stderr.on('error', () => {});
        stdin.on('drain', () => this.flow());
        stdin.on('error', () => this.later(1000, () => this.kill('closed its input')));
        this.process.on('exit', (code, signal) => {
            const end = signal ? `was ended by ${signal}` : `ended with code ${code}`;
            this.how = this.why ? `${this.why} and ${end}` : end;
            // A program that it started may hold its output open: what is read within a second counts.
            this.later(1000, () => [stdout, stderr, stdin].forEach((stream) => stream.destroy()));
        });
        this.process.on('close', () => this.finish(this.how, false));
    }

    greet() {
        this.later(this.limits.helloMs, () => this.hello || this.kill('did not say hello in time'));
        const engine = { name: 'node', version: process.version };
        this.ask({ type: 'hello', protocol: PROTOCOL, engine, log: this.limits.logLevel }, 'hello').answer
            .then((line) => {
                if (line.type === 'error') return this.kill(`refused: ${line.error && line.error.message}`);
                if (line.protocol !== PROTOCOL) return this.kill(`speaks protocol ${line.protocol}, not ${PROTOCOL}`);
                if (typeof line.blobs !== 'string') return this.kill('named no folder for blobs');
                this.hello = line;
                return this.tellReady(line);
            }, () => {});
    }

    /**
     * Sends a request: {id, answer, handed}. `members` without id; `answers` is the type of its answer; `written` has
     * more members as {name: JSON text}; `onLine(line)` gets what comes before the answer; `onWritten()` is called, and
     * `handed` is true, when it goes into the pipe; `withinMs`: without its answer by then the process is killed.
     * `answer` is Promise<line> of that type or `error`, rejected with HostEnded. Throws Unwritable.
     */
    ask(members, answers, { written, onLine, onWritten, withinMs } = {}) {
        const id = this.lastId + 1;
        const request = { id, answers, onLine, onWritten, handed: false };
        request.answer = new Promise((resolve, reject) => Object.assign(request, { resolve, reject }));
        if (!this.taking) {
            request.reject(new HostEnded(false));
            return request;
        }
        request.line = joinLine({ ...members, id }, written);
        this.lastId = id;
        this.pending.set(id, request);
        this.outgoing.add(request);
        if (withinMs !== undefined) this.watch(request, members.type, withinMs);
        this.flow();
        return request;
    }

    watch(request, type, ms) {
        const late = () => this.pending.has(request.id) && this.kill(`did not answer ${type} in time`);
        const timer = setTimeout(late, ms);
        const stop = () => clearTimeout(timer);
        request.answer.then(stop, stop);
    }

    /** Takes back a request: true where it had not been handed to the pipe; its answer is rejected then. */
    withdraw(request) {
        if (!this.outgoing.delete(request)) return false;
        this.pending.delete(request.id);
        request.reject(new HostEnded(false));
        return true;
    }

    flow() {
        const { stdin } = this.process;
        for (const request of this.outgoing) {
            if (stdin.writableNeedDrain) return;
            this.outgoing.delete(request);
            request.handed = true;
            stdin.write(request.line);
            request.line = undefined;
            if (request.onWritten) request.onWritten();
        }
    }

    read(bytes) {
        let line;
        try {
            line = JSON.parse(bytes.toString('utf8'));
        } catch {
            line = undefined;
        }
        if (line === null || typeof line !== 'object' || typeof line.type !== 'string') return this.log.passJunk(bytes);
        if (line.type === 'log') return this.log.passLine(line);
        const request = this.pending.get(line.id);
        if (line.type === 'error' && line.id === undefined) {
            this.log.say('error', `wfc serve did not understand a line: ${line.error && line.error.message}`);
            // One of those that wait has no answer to come, and nobody knows which.
            return this.pending.size > 0 ? this.kill('did not understand a line') : undefined;
        }
        if (!request || !request.handed) return undefined;
        if (line.type === request.answers || line.type === 'error') {
            this.pending.delete(line.id);
            return request.resolve(line);
        }
        if (!request.onLine) return undefined;
        try {
            return request.onLine(line);
        } catch (error) {
            return this.log.say('error', `A listener failed: ${error && error.message}`);
        }
    }

    hear(bytes) {
        const text = bytes.toString('utf8').trim();
        if (text === '') return;
        this.last = text.slice(0, 300);
        this.log.pass('info', `wfc serve: ${text}`);
    }

    /** No more requests: what was not handed to the pipe is rejected. The process ends; after stopMs it is killed. */
    close() {
        if (!this.taking) return;
        this.refuse();
        this.process.stdin.end();
        this.later(this.limits.stopMs, () => this.kill('did not end in time'));
    }

    /** Ends it at once. `why` goes to the log and into the cause of what was in flight. */
    kill(why) {
        if (this.over) return;
        this.refuse();
        this.why = this.why || why;
        this.process.kill('SIGKILL');
    }

    refuse() {
        this.taking = false;
        for (const request of [...this.outgoing]) this.withdraw(request);
    }

    finish(how, missing) {
        if (this.over) return;
        this.over = true;
        this.refuse();
        for (const timer of this.timers) clearTimeout(timer);
        for (const request of this.pending.values()) request.reject(new HostEnded(true, how));
        this.pending.clear();
        this.tellEnd({ how, last: this.last, missing });
    }

    later(ms, act) {
        this.timers.push(setTimeout(() => this.over || act(), ms));
    }
}

module.exports = { HostChild, HostEnded };
