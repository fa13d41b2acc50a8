/**
 * The line below a flow node: what it is doing, and how the last work ended.
 *
 * Guarantees: after the last message of a burst the line says how it ended, at once; while there is work it changes at
 * most five times a second. What went wrong in a burst is not covered by what went well after it. Nothing is shown
 * any more once the node is closed.
 * Does not: decide where messages go.
 */
'use strict';

const BETWEEN_MS = 200;
const MOST_TEXT = 80;

/** What an outcome looks like; everything else is a failure. */
const LOOKS = {
    accepted: { fill: 'green', shape: 'dot' },
    succeeded: { fill: 'green', shape: 'dot' },
    partial: { fill: 'yellow', shape: 'dot' },
    unknown: { fill: 'yellow', shape: 'ring' },
};

function cut(text) {
    const signs = Array.from(text);
    return signs.length <= MOST_TEXT ? text : `${signs.slice(0, MOST_TEXT - 1).join('')}…`;
}

/** The status line of one node. */
class StatusLine {
    /** `say(key, params)` gives the words: connecting, paused, running, running_count, done, and `ports.<id>.label`. */
    constructor(node, say) {
        this.node = node;
        this.say = say;
        this.open = 0;
        this.reset();
    }

    reset() {
        this.total = 0;
        this.ended = 0;
        this.working = false;
        this.paused = false;
        this.bad = undefined;
    }

    /** A message came. */
    begin() {
        if (this.open === 0) this.reset();
        this.open++;
        this.total++;
        this.soon();
    }

    /** The component reports a step. `working`: one past connecting. `paused`: it waits, and goes on by itself. */
    progress(working, paused) {
        const before = [this.working, this.paused];
        this.working ||= working;
        this.paused = paused;
        if (this.working !== before[0] || this.paused !== before[1]) this.soon();
    }

    /** A message's result is there. `good`: nothing went wrong. */
    end(result, good) {
        this.open--;
        this.ended++;
        this.working = true;
        this.paused = false;
        if (!good) this.bad = result;
        this.last = result;
        if (this.open === 0) this.show(this.outcome(this.bad || result));
        else this.soon();
    }

    /** For good; takes the line away. */
    close() {
        this.show({});
        this.closed = true;
    }

    current() {
        // Of several messages the others may be on their way meanwhile.
        if (this.paused && this.open === 1) return { fill: 'yellow', shape: 'ring', text: this.say('paused') };
        const key = !this.working ? 'connecting' : this.total > 1 ? 'running_count' : 'running';
        const text = this.say(key, { done: Math.min(this.ended + 1, this.total), total: this.total });
        return { fill: this.working ? 'blue' : 'yellow', shape: this.working ? 'dot' : 'ring', text };
    }

    outcome({ outcome, port, document }) {
        const error = document && document.error;
        const title = error && ((error.explanation && error.explanation.title) || error.message);
        const good = LOOKS[outcome]?.fill === 'green';
        const text = good ? this.say('done') : title || this.say(`ports.${port || outcome}.label`);
        return { ...(LOOKS[outcome] || { fill: 'red', shape: 'ring' }), text: cut(String(text)) };
    }

    /** Shows the current work, now or as soon as it may. */
    soon() {
        if (this.timer || this.closed) return;
        const wait = (this.shownAt || 0) + BETWEEN_MS - Date.now();
        if (wait <= 0) {
            this.show(this.current());
            return;
        }
        this.timer = setTimeout(() => {
            this.timer = undefined;
            if (this.open > 0) this.show(this.current());
        }, wait);
        this.timer.unref();
    }

    show(line) {
        clearTimeout(this.timer);
        this.timer = undefined;
        if (this.closed) return;
        this.shownAt = Date.now();
        this.node.status(line);
    }
}

module.exports = { StatusLine };
