// What the operation would get, as far as the editor can know it: literals as they are, examples for the rest.
//
// Guarantees: pure; what is an example or was left out is named, so that nobody takes it for the real thing.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const literals = ['str', 'num', 'bool', 'json'];

    /** A literal's value; undefined where the text is no JSON. */
    function literalOf(value, type) {
        if (type === 'num') return value.trim() === '' || !isFinite(Number(value)) ? undefined : Number(value);
        if (type === 'bool') return value === 'true';
        if (type !== 'json') return value;
        try {
            return JSON.parse(value);
        } catch {
            return undefined;
        }
    }

    /** "msg.topic": where a value comes from, as the editor writes it. */
    function source(value, type) {
        const names = {msg: 'msg.', flow: 'flow.', global: 'global.', env: '$', jsonata: 'J: '};
        const text = (names[type] || type + ' ') + value;
        return text.length > 80 ? text.slice(0, 79) + '…' : text;
    }

    /** Whether anything may be written there: text without a form of its own. */
    function isFree(field) {
        return field.kind === 'text' && !field.types && !field.widget && (field.maxLength || Infinity) >= 1000 ||
            Boolean(field.multiline);
    }

    /** A value of the field's form for what is not known yet; undefined where nobody can say one. */
    function exampleOf(field, from, examples) {
        if (isFree(field)) return '‹' + from + '›';
        if (field.widget === 'address-list' && examples[field.name]) return examples[field.name];
        return undefined;
    }

    /**
     * `values`: {F, F_type}; `examples`: texts of the catalogue by field. Returns {input, examples: [{name, from}],
     * without: [{name, from}]}: fields that stand for something that is only known when a message comes.
     */
    function build(fields, values, examples) {
        const out = {input: {}, examples: [], without: []};
        const unset = [];
        for (const field of fields) {
            const value = values[field.name] === undefined ? '' : String(values[field.name]);
            const type = values[field.name + '_type'] || '';
            if (value === '' && type !== 'date') {
                unset.push(field);
            } else if (type === '' || literals.includes(type)) {
                const literal = literalOf(value, type);
                if (literal === undefined) out.without.push({name: field.name, from: source(value, type)});
                else out.input[field.name] = literal;
            } else if (type === 'date') {
                out.input[field.name] = new Date().toISOString();
            } else {
                const example = exampleOf(field, source(value, type), examples);
                const place = {name: field.name, from: source(value, type)};
                if (example === undefined) out.without.push(place);
                else {
                    out.input[field.name] = example;
                    out.examples.push(place);
                }
            }
        }
        stand(out, fields, unset, examples);
        return out;
    }

    /** What nobody set comes with the message: without the first list of its kind nothing could be shown at all. */
    function stand(out, fields, unset, examples) {
        const lists = fields.filter((field) => field.widget === 'address-list');
        if (lists.length > 0 && lists.every((field) => out.input[field.name] === undefined) &&
            unset.includes(lists[0]) && examples[lists[0].name]) {
            out.input[lists[0].name] = examples[lists[0].name];
            out.examples.push({name: lists[0].name, from: 'msg'});
        }
        const data = unset.find((field) => field.name === 'payload');
        if (data && fields.every((field) => !field.multiline || out.input[field.name] === undefined)) {
            out.input.payload = '‹msg.payload›';
            out.examples.push({name: 'payload', from: 'msg.payload'});
        }
    }

    wfcPanel.previewInput = {build, source};
}());
