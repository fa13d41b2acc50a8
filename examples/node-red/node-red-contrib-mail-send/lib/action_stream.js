/**
 * The answer to an action: lines of JSON, each sent when it is known.
 *
 * Guarantees: no copy is kept on the way; an editor that does not read loses progress and nothing else; while nothing
 * happens there is a line from time to time, so that what stands between does not take the connection for dead.
 * Does not: look into what it sends.
 */
'use strict';

/** Bytes that may wait for an editor before progress is left out. */
const MOST_WAITING = 4 * 1024 * 1024;
/** Between two signs of life, in milliseconds. */
const ALIVE_MS = 20 * 1000;
/** Largest file of a result that is sent, in bytes. */
const MOST_FILE = 1024 * 1024;

class ActionStream {
    #response;
    #alive;

    /** Answers 200 at once. `gone` is called when the connection ended before end(). */
    constructor(response, gone) {
        this.#response = response;
        response.statusCode = 200;
        response.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8');
        response.setHeader('Cache-Control', 'no-store');
        response.setHeader('X-Accel-Buffering', 'no');
        response.setHeader('X-Content-Type-Options', 'nosniff');
        response.on('error', () => {});
        response.on('close', () => {
            clearInterval(this.#alive);
            if (!response.writableEnded) gone();
        });
        response.flushHeaders();
        this.#alive = setInterval(() => this.line({ type: 'alive' }), ALIVE_MS);
        this.#alive.unref();
    }

    line(content) {
        if (this.#response.writableEnded || this.#response.destroyed) return;
        if (content.type === 'progress' && this.#response.writableLength > MOST_WAITING) return;
        this.#response.write(JSON.stringify(content) + '\n');
    }

    end() {
        clearInterval(this.#alive);
        this.#response.end();
    }
}

/** Files of a result as text: {name: text}; those that are too large are left out. undefined where there are none. */
function filesOf(blobs) {
    const files = Object.entries(blobs || {})
        .filter(([, { data }]) => data !== null && data !== undefined && data.length <= MOST_FILE)
        .map(([name, { data }]) => [name, data.toString('utf8')]);
    return files.length === 0 ? undefined : Object.fromEntries(files);
}

module.exports = { ActionStream, MOST_FILE, filesOf };
