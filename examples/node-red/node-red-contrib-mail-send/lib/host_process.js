/**
 * The one `wfc serve` of a Node-RED process: started when it is wanted, started again when it died.
 *
 * Guarantees: one process at a time. After an end the next start waits 0.5 s, doubling to 30 s with every end that
 * comes within a minute of the start. Where the program is missing, whoever wants it is told at once, and each want
 * looks again. Where several starts in a row came to nothing, whoever waits is told, too.
 * Does not: know calls; start without being wanted.
 */
'use strict';

const { HostChild } = require('./host_child.js');
const { HostLog } = require('./host_log.js');

/** Times in milliseconds; `starts`: how many starts in a row may fail before those who wait are told. */
const LIMITS = {
    helloMs: 10000,
    stopMs: 5000,
    firstPauseMs: 500,
    longestPauseMs: 30000,
    steadyMs: 60000,
    starts: 5,
    logLevel: 'info',
};

class HostProcess {
    /**
     * `command`, `args`, `env`, `log`, `limits`, `after` as createCalls takes them. `tell`: {ready(child),
     * ended({how}), unavailable({problem: 'missing' | 'start', detail})}, called when nothing else of this object runs.
     */
    constructor({ command, args = [], env = process.env, log, limits = {}, tell, after }) {
        this.start = { command, args, env };
        this.log = new HostLog(log);
        this.limits = { ...LIMITS, ...limits };
        this.tell = tell;
        this.child = undefined;
        this.ends = 0;
        this.failedStarts = 0;
        this.notBefore = 0;
        this.timer = undefined;
        this.stopped = false;
        this.after = after;
    }

    /** The process that takes requests, or undefined. */
    get current() {
        return this.child && this.child.hello && this.child.taking ? this.child : undefined;
    }

    /** Somebody waits for the process: it is started now, or when its pause is over. */
    want() {
        if (this.stopped || this.child || this.timer) return;
        if (this.after) {
            const go = () => {
                this.after = undefined;
                this.want();
            };
            this.waiting = this.waiting || this.after.then(go, go);
            return;
        }
        const pause = this.notBefore - performance.now();
        this.timer = setTimeout(() => {
            this.timer = undefined;
            this.begin();
        }, Math.max(0, pause));
    }

    begin() {
        let command;
        try {
            const found = typeof this.start.command === 'function' ? this.start.command() : this.start.command;
            command = typeof found === 'string' ? found : found.command;
        } catch (error) {
            this.tell.unavailable({ problem: 'missing', detail: error.message });
            return;
        }
        const began = performance.now();
        let child;
        try {
            child = new HostChild({ ...this.start, command, log: this.log, limits: this.limits });
        } catch (error) {
            this.rest(began);
            this.fail({ how: error.code || error.message, last: '', missing: false }, command);
            return;
        }
        this.child = child;
        child.ready.then((hello) => {
            this.failedStarts = 0;
            this.log.say('info', `wfc serve ${(hello.host && hello.host.version) || ''} started (${command})`);
            this.tell.ready(child);
        });
        child.ended.then((end) => {
            this.child = undefined;
            if (!end.missing) this.rest(began);
            if (!child.hello && !this.stopped) {
                this.fail(end, command);
                return;
            }
            this.log.say(this.stopped ? 'info' : 'error', `wfc serve ${end.how}`);
            this.tell.ended(end);
        });
    }

    /** Sets the pause before the next start. */
    rest(began) {
        const now = performance.now();
        this.ends = now - began >= this.limits.steadyMs ? 1 : this.ends + 1;
        const pause = this.limits.firstPauseMs * 2 ** Math.min(this.ends - 1, 30);
        this.notBefore = now + Math.min(pause, this.limits.longestPauseMs);
    }

    /** A start that came to nothing. */
    fail(end, command) {
        const detail = end.last ? `${end.how}: ${end.last}` : end.how;
        if (end.missing) {
            this.tell.unavailable({ problem: 'missing', detail: `${command} cannot be run (${end.how}).` });
            return;
        }
        this.log.say('error', `wfc serve could not be started: it ${detail}`);
        this.failedStarts++;
        if (this.failedStarts >= this.limits.starts) this.tell.unavailable({ problem: 'start', detail });
        else this.tell.ended(end);
    }

    /** For good: Promise that is settled when the process is over. What runs may finish within limits.stopMs. */
    async stop() {
        this.stopped = true;
        clearTimeout(this.timer);
        this.timer = undefined;
        const { child } = this;
        if (!child) return;
        if (child.hello) child.close();
        else child.kill('was not needed any more');
        await child.ended;
    }
}

module.exports = { HostProcess, LIMITS };
