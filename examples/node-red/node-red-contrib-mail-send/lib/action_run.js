/**
 * Actions that run for editors.
 *
 * Guarantees: at most so many at once; each has a random name of 128 bits, by which its editor answers and cancels it
 * and which is forgotten when it is over; its component is dropped then, with its secrets.
 * Does not: know requests or what an action means.
 */
'use strict';
const crypto = require('node:crypto');
const { Refused } = require('./admin_problem');

/** Actions at once. */
const MOST_RUNS = 8;

class ActionRuns {
    #runs = new Map();

    /** A place for one action. Throws Refused 'too-many'. Whoever began it ends it. */
    begin() {
        if (this.#runs.size >= MOST_RUNS) throw new Refused('too-many');
        const run = new ActionRun(() => this.#runs.delete(run.id));
        this.#runs.set(run.id, run);
        return run;
    }

    /** The run with this name, or undefined. */
    find(id) {
        return typeof id === 'string' ? this.#runs.get(id) : undefined;
    }

    get size() {
        return this.#runs.size;
    }
}

class ActionRun {
    #call;
    #cancelled = false;
    #forget;

    constructor(forget) {
        this.id = crypto.randomBytes(16).toString('hex');
        this.#forget = forget;
    }

    /**
     * Configures a component for this action alone, runs it and drops the component. `calls`: Calls; `component`:
     * {type, settings, secrets}; `call`: of Calls.invoke without `component`. Resolves with its result.
     */
    async perform(calls, component, call) {
        const key = `action.${this.id}`;
        calls.use(key, component);
        try {
            this.#call = calls.invoke({ ...call, component: key, ahead: true });
            if (this.#cancelled) this.#call.cancel();
            return await this.#call.result;
        } finally {
            calls.drop(key);
        }
    }

    /** Ends it, now or when it begins. */
    cancel() {
        this.#cancelled = true;
        if (this.#call !== undefined) this.#call.cancel();
    }

    /** What the person pasted → {known}. */
    async answer(pasted) {
        return this.#call === undefined ? { known: false } : this.#call.answer(pasted);
    }

    /** It is over, and its name with it. */
    end() {
        this.#forget();
    }
}

module.exports = { ActionRuns, MOST_RUNS };
