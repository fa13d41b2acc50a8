// Validators of the nodes' properties: what can be said of a value without asking the component.
//
// Guarantees: a field that does not apply is never wrong. Answers are true or a sentence in the editor's language.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** What is wrong with a value of a field: null or {key, params} of a word. `given`: whether a secret is stored. */
    function complaint(field, value, given) {
        const text = value === undefined || value === null ? '' : String(value);
        if (text.trim() === '' && field.kind !== 'boolean') {
            return field.required && !given && field.default === undefined ? {key: 'panel.problem.required'} : null;
        }
        // What the environment fills in cannot be judged here.
        if (/^\$\{[^}]+\}$/.test(text) || /^\$\([A-Za-z_]\w*\)$/.test(text)) return null;
        if (field.kind === 'number') return numeric(field, text.trim());
        if ((field.kind === 'choice' || field.kind === 'select') && field.values &&
            !field.values.map(String).includes(text)) {
            return {key: 'panel.problem.choice'};
        }
        if (field.kind === 'json') return isJson(text) ? null : {key: 'panel.problem.json'};
        if (field.kind !== 'text') return null;
        const length = [...text].length;
        const least = field.minLength || 0;
        const most = field.maxLength === undefined ? Infinity : field.maxLength;
        if (length >= least && length <= most) return null;
        return most === Infinity ? {key: 'panel.problem.shortest', params: {min: least}}
            : {key: 'panel.problem.length', params: {min: least, max: most}};
    }

    function isJson(text) {
        try {
            JSON.parse(text);
            return true;
        } catch {
            return false;
        }
    }

    function numeric(field, text) {
        const number = Number(text);
        const whole = (field.types || []).includes('integer') || !(field.types || []).includes('number');
        if (!isFinite(number) || (whole && !/^[+-]?\d+$/.test(text))) {
            return {key: whole ? 'panel.problem.number' : 'panel.problem.decimal'};
        }
        if (field.min !== undefined && number < field.min) {
            return {key: 'panel.problem.minimum', params: {min: field.min}};
        }
        if (field.max !== undefined && number > field.max) {
            return {key: 'panel.problem.maximum', params: {max: field.max}};
        }
        return null;
    }

    /** All that is wrong with the fields that apply: [{name, pointer, key, params, missing}]. */
    function complaints(fields, values, secrets) {
        const applying = wfcPanel.conditions.shown(fields, values);
        const out = [];
        for (const field of fields) {
            if (field.written || !applying.has(field.name)) continue;
            const value = field.kind === 'secret' ? '' : values[field.name];
            const type = values[field.name + '_type'];
            // What comes from elsewhere cannot be judged; what the message has may stand in for what is empty.
            if (type !== undefined && (value === '' || !['', 'str', 'num', 'json'].includes(type))) continue;
            const found = complaint(field, value, secrets[field.name] !== undefined);
            if (found) {
                out.push({name: field.name, pointer: field.pointer, missing: found.key === 'panel.problem.required',
                    ...found});
            }
        }
        return out;
    }

    /** The values that count for a node: those of its dialog while that is open. */
    function standing(node) {
        const dialog = wfcPanel.dialogs && wfcPanel.dialogs.of(node.id);
        return dialog ? dialog.values() : node;
    }

    /** The fields of the node's panel, or none that are known. */
    function fieldsOf(node) {
        const known = wfcPanel.registered && wfcPanel.registered.get(node.type);
        return known ? known.fields : [];
    }

    /** A validator of `defaults`. `when`: {required?, shown?} as in the field's table. */
    function rule(field, when) {
        // Two parameters: only then the editor shows a sentence that is returned.
        return function (value, options) {
            const fields = fieldsOf(this);
            if (when && when.shown && !wfcPanel.conditions.holds(when.shown, fields, standing(this))) return true;
            const found = complaint({...field, required: Boolean(when && when.required)}, value, false);
            if (!found) return true;
            return (options && options.label ? options.label + ': ' : '') +
                (this._ ? this._(found.key, found.params) : found.key);
        };
    }

    const bound = (value) => (value === null ? undefined : value);

    const validate = {
        required: (when) => rule({kind: 'any'}, {...when, required: true}),
        number: (min, max, when) => rule({kind: 'number', min: bound(min), max: bound(max),
            types: when && when.types}, when),
        length: (min, max, when) => rule({kind: 'text', minLength: bound(min), maxLength: bound(max)}, when),
        json: (when) => rule({kind: 'json'}, when),
        /** A value with its type, which stands in the property `typeName`; empty means that it is not set. */
        typed: (typeName) => function (value, options) {
            const input = wfcPanel.dialogs && wfcPanel.dialogs.of(this.id) &&
                document.getElementById('node-input-' + typeName);
            const type = input ? input.value : this[typeName];
            if (value === '' || value === undefined || !type || type === 'str') return true;
            const answer = RED.utils.validateTypedProperty(String(value), type, options || {});
            return answer === true || answer === undefined ? true : answer;
        },
    };

    Object.assign(wfcPanel, {validators: {complaint, complaints}, validate});
}());
