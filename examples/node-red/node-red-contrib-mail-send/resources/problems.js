// Problems while somebody types: what the editor sees itself at once, what the component's `validate` says soon after.
//
// Guarantees: a request that is outdated is aborted; secrets are only named; one problem per field and sentence.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const wait_ms = 400;
    const most = 100;

    /** The field at a pointer, or the one of which the pointer names a part. */
    function fieldAt(fields, pointer) {
        const text = String(pointer || '');
        const exact = fields.find((each) => each.pointer === text);
        if (exact) return exact;
        return fields.find((each) => text.startsWith(each.pointer + '/')) || null;
    }

    /**
     * A sentence of the component with the field's label for its pointer, without what stands before:
     * "X: failed: /a/b is missing" → "Label is missing".
     */
    function readable(message, pointer, label) {
        const text = String(message || '');
        const at = pointer ? text.indexOf(pointer) : -1;
        if (at < 0) return text;
        return label + text.slice(at + pointer.length);
    }

    /** The field of a dialog that an error is about; null where it is about none of them. */
    function fieldOf(dialog, error) {
        if (!error || typeof error.pointer !== 'string' || error.pointer === '') return null;
        // Both documents may have a member of the same name.
        if ((error.stage === 'input') === (dialog.kind === 'account')) return null;
        const field = fieldAt(dialog.fields, error.pointer);
        return field && !field.written ? field : null;
    }

    /** A text about an error with the labels of the fields of its document in the place of their pointers. */
    function labelled(dialog, text, error) {
        const area = error.stage === 'input' ? 'input' : 'settings';
        // The other actions of an account have an input of their own.
        if (area === 'input' && dialog.kind === 'account') return text;
        const known = [...dialog.panel[area].fields].sort((a, b) => b.pointer.length - a.pointer.length);
        let out = text;
        for (const field of known) {
            const escaped = field.pointer.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
            const label = dialog.word('panel.problem.field',
                {label: dialog.word(area + '.' + field.name + '.label', {}, field.name)});
            // Wide quotation marks have their space in them.
            const wide = label.startsWith('「');
            const pattern = new RegExp('(^|[^\\w/])' + escaped + '(?![\\w/])' + (wide ? ' ?' : ''), 'g');
            out = out.replace(pattern, (_, before) => (wide ? before.trim() : before) + label);
        }
        return out;
    }

    /** What is said of a problem beside its field. */
    function sentence(dialog, each, field) {
        const pointer = String(each.pointer || '');
        if (!field) return String(each.message || '');
        const message = readable(each.message, pointer, wfcPanel.rows.labelOf(dialog, field.name));
        if (!each.fixed || dialog.language === 'en') return message;
        if (String(dialog.values()[field.name] || '') === '') return dialog.word('panel.problem.required');
        return dialog.word('panel.problem.refused', {message});
    }

    /** The problems in a result of `validate`: [{pointer, severity, message}]. */
    function ofDocument(document) {
        if (!document || typeof document !== 'object') return [];
        const out = Array.isArray(document.problems) ? document.problems.slice(0, most) : [];
        const error = document.error;
        if (error && typeof error === 'object') {
            // Of errors the message is the same in every language; see `sentence`.
            out.unshift({
                pointer: error.pointer || '', severity: 'error', message: String(error.message || ''), fixed: true});
        }
        return out.filter((each) => each && typeof each === 'object');
    }

    /**
     * Both kinds as one list, each with its field; what the editor said of a field comes before the component.
     * `isFresh(name)`: nobody was at the field yet, and nothing stands in it: what it needs is only still missing.
     */
    function merged(fields, own, said, describe, isFresh = () => false) {
        const out = own.map((each) => ({name: each.name, missing: Boolean(each.missing),
            severity: each.missing ? 'missing' : 'error', text: describe.own(each)}));
        const taken = new Set(out.map((each) => each.name));
        const seen = new Set();
        for (const each of said) {
            const field = fieldAt(fields, each.pointer);
            const name = field && !field.written ? field.name : null;
            const severity = each.severity === 'warning' ? 'warning' : 'error';
            if (severity === 'error' && name !== null && taken.has(name)) continue;
            const text = describe.said(each, field);
            const key = name + '\n' + text;
            if (!text || seen.has(key)) continue;
            seen.add(key);
            const missing = severity === 'error' && name !== null && isFresh(name);
            if (missing) taken.add(name);
            out.push({name, missing, severity: missing ? 'missing' : severity, text});
        }
        return out.slice(0, most);
    }

    /** Watches a dialog. `refresh()` after each change, `stop()` when it closes. */
    function watch(dialog) {
        let timer = 0;
        let request = null;
        let said = [];
        let refused = [];
        let stopped = false;
        const touched = new Set();
        const action = dialog.kind === 'account' && dialog.panel.actions.find((each) => each.id === 'validate');

        function draw() {
            const values = dialog.values();
            const own = wfcPanel.validators.complaints(dialog.fields, values, dialog.secretNames());
            const isFresh = (name) => !touched.has(name) && (values[name] === undefined || values[name] === '');
            const list = merged(dialog.fields, own, [...refused, ...said], {
                own: (each) => dialog.word(each.key, each.params),
                said: (each, field) => sentence(dialog, each, field),
            }, isFresh);
            wfcPanel.problemView.draw(dialog, list, touched);
        }

        function ask() {
            timer = 0;
            if (stopped || !action || !wfcPanel.requests.permitted(dialog.panel.type)) return;
            const mine = wfcPanel.requests.stream(dialog.panel.type + '/action', {
                account: {id: dialog.node.id, values: dialog.values(), credentials: dialog.secretNames()},
                action: action.id, input: {}, language: dialog.language,
            }, {
                line(line) {
                    if (line.type === 'result') said = ofDocument(line.document);
                    if (line.type === 'error') said = ofRefusal(line.error);
                },
                done() { draw(); },
                // The buttons say when Node-RED cannot be reached; while somebody types that is no news.
                failed() { said = []; draw(); },
            });
            request = mine;
        }

        function ofRefusal(error) {
            return ((error && error.fields) || []).map((name) => {
                const field = dialog.fields.find((each) => each.name === name);
                return {pointer: field ? field.pointer : '', severity: 'warning', message: String(error.message || '')};
            });
        }

        return {
            /** `name`: the field that somebody changed, if one did. */
            refresh(name) {
                if (stopped) return;
                if (name) refused = refused.filter((each) => each.field !== name);
                if (request) request.abort();
                request = null;
                clearTimeout(timer);
                timer = setTimeout(ask, wait_ms);
                draw();
            },
            /** Somebody was at a field and left it. */
            touch(name) {
                touched.add(name);
                draw();
            },
            /** An action was refused because of these fields. */
            refuse(names, message) {
                refused = names.map((field) => ({field, severity: 'error', message,
                    pointer: (dialog.fields.find((each) => each.name === field) || {}).pointer || ''}));
                draw();
            },
            /** Every field counts as touched from now on: somebody pressed a button. */
            touchAll() {
                for (const field of dialog.fields) touched.add(field.name);
                draw();
            },
            stop() {
                stopped = true;
                clearTimeout(timer);
                if (request) request.abort();
            },
        };
    }

    wfcPanel.problems = {fieldAt, fieldOf, labelled, readable, sentence, ofDocument, merged, watch};
}());
