// Asks the action endpoints, as the editor asks its own: relative address, the editor's token, JSON.
//
// Guarantees: lines of an answer are handed over as they come, each once; an end is reported exactly once, also for
// an answer that breaks off. Bounded: what is longer than 16 MiB is not read on.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const most = 16 * 1024 * 1024;

    /** Splits what has come so far into whole lines; each call hands over what is new. */
    function lineReader(onLine) {
        let done = 0;
        return function read(text, ended) {
            for (;;) {
                const end = text.indexOf('\n', done);
                if (end < 0 && !(ended && done < text.length)) return;
                const line = text.slice(done, end < 0 ? text.length : end).trim();
                done = end < 0 ? text.length : end + 1;
                if (line === '') continue;
                let parsed;
                try {
                    parsed = JSON.parse(line);
                } catch {
                    continue;
                }
                if (parsed && typeof parsed === 'object') onLine(parsed);
            }
        };
    }

    /** Whether the person at the editor may run the actions of a type of node. */
    function permitted(type) {
        const user = window.RED && window.RED.user;
        return !user || !user.hasPermission || user.hasPermission(type + '.action');
    }

    /**
     * What a refused or broken request means: {id, key of a word} and the server's own sentence, if it said one.
     * `allowed`: whether the person has the permission; Node-RED answers 401 also where only that is missing.
     */
    function trouble(status, body, allowed = true) {
        let said = null;
        try {
            said = JSON.parse(body).error;
        } catch {
            said = null;
        }
        const message = said && typeof said.message === 'string' ? said.message.slice(0, 2000) : '';
        const fields = said && Array.isArray(said.fields) ? said.fields : undefined;
        const id = said && typeof said.id === 'string' ? said.id : 'http-' + status;
        const keys = {0: 'connection', 401: 'signed_out', 403: 'forbidden', 404: 'no_endpoint', 413: 'too_large',
            415: 'refused', 429: 'busy', 503: 'busy'};
        const key = status === 401 && !allowed ? 'forbidden' : keys[status] || 'refused';
        return {id, key: 'panel.error.' + key, message, fields, status};
    }

    /**
     * Posts `body`. `handlers.line(object)` for each line, then one of `handlers.done()` and
     * `handlers.failed({id, key, message, fields})`. Returns {abort()}, after which nothing is called any more.
     */
    function stream(address, body, handlers) {
        let over = false;
        const reader = lineReader((line) => { if (!over) handlers.line(line); });
        const request = $.ajax({
            url: address, method: 'POST', contentType: 'application/json', data: JSON.stringify(body),
            dataType: 'text', cache: false, timeout: 0,
            xhr() {
                const xhr = $.ajaxSettings.xhr();
                xhr.addEventListener('progress', () => {
                    if (over || xhr.status !== 200) return;
                    if (xhr.responseText.length > most) return xhr.abort();
                    reader(xhr.responseText, false);
                });
                return xhr;
            },
        });
        request.done((text) => {
            if (over) return;
            reader(String(text), true);
            over = true;
            handlers.done();
        });
        request.fail((answer) => {
            if (over) return;
            over = true;
            // An answer that began and broke off is a lost connection, whatever its status was.
            handlers.failed(trouble(answer.status === 200 ? 0 : answer.status, answer.responseText || '',
                permitted(address.split('/')[0])));
        });
        return {abort() { over = true; request.abort(); }};
    }

    /** Posts `body`; calls `then(answer)` or `failed({id, key, message})`. */
    function post(address, body, then, failed) {
        $.ajax({url: address, method: 'POST', contentType: 'application/json', data: JSON.stringify(body),
            dataType: 'json', cache: false, timeout: 30000})
            .done((answer) => then && then(answer))
            .fail((answer) => failed && failed(trouble(answer.status, answer.responseText || '',
                permitted(address.split('/')[0]))));
    }

    /** The sentence for a trouble: our own, and behind it what the server said. */
    function sentence(word, found) {
        const own = word(found.key || 'panel.error.refused');
        return found.message && found.message !== own ? own + ' ' + found.message : own;
    }

    wfcPanel.requests = {lineReader, permitted, trouble, stream, post, sentence};
}());
