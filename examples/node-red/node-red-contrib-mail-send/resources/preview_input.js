// What the operation would get, as far as the editor can know it: literals as they are, examples for the rest.
//
// Guarantees: pure; what is an example or was left out is named, so that nobody takes it for the real thing; what
// cannot be read is no such thing, and is told.
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

    /** The name of a variable of the environment that Node-RED puts in the place of a whole text when it deploys. */
    function variableIn(value) {
        const found = /^\$(?:\{(\S+)\}|\((\S+)\))$/.exec(value);
        return found ? found[1] || found[2] : '';
    }

    /**
     * `values`: {F, F_type}; `examples`: texts of the catalogue by field. Returns {input, examples: [{name, from}],
     * without: [{name, from}], invalid: [{name, key}]}: fields that stand for something that is only known when a
     * message comes, and literals that cannot be read, with what is to be said of them.
     */
    function build(fields, values, examples) {
        const out = {input: {}, examples: [], without: [], invalid: []};
        const unset = [];
        for (const field of fields) {
            const value = values[field.name] === undefined ? '' : String(values[field.name]);
            const type = values[field.name + '_type'] || '';
            const isLiteral = type === '' || literals.includes(type);
            const variable = isLiteral ? variableIn(value) : '';
            if (value === '' && type !== 'date') {
                unset.push(field);
            } else if (isLiteral && !variable) {
                const literal = literalOf(value, type);
                const key = type === 'num' ? 'panel.problem.number' : 'panel.problem.json';
                if (literal === undefined) out.invalid.push({name: field.name, key});
                else out.input[field.name] = literal;
            } else if (type === 'date') {
                out.input[field.name] = new Date().toISOString();
            } else {
                const from = variable ? source(variable, 'env') : source(value, type);
                put(out, field, from, exampleOf(field, from, examples));
            }
        }
        stand(out, fields, unset, examples);
        return out;
    }

    function put(out, field, from, example) {
        if (example === undefined) return out.without.push({name: field.name, from});
        out.input[field.name] = example;
        out.examples.push({name: field.name, from});
    }

    /** "msg.topic": the members of the message that stand in for a field that nobody set; "" where none does. */
    function standIns(field) {
        return ((field.stand_in || {}).members || []).map((member) => 'msg.' + member);
    }

    /** What nobody set comes with the message: without the first list of its kind nothing could be shown at all. */
    function stand(out, fields, unset, examples) {
        const lists = fields.filter((field) => field.widget === 'address-list');
        const nobody = lists.every((field) => out.input[field.name] === undefined);
        const wanted = nobody ? lists[0] : undefined;
        for (const field of unset) {
            const from = standIns(field)[0];
            const instead = (field.stand_in || {}).unless || [];
            if (field === wanted && examples[field.name]) {
                put(out, field, from || 'msg', examples[field.name]);
            } else if (from && field.stand_in.preview && instead.every((name) => out.input[name] === undefined)) {
                put(out, field, from, '‹' + from + '›');
            }
        }
    }

    wfcPanel.previewInput = {build, source, standIns};
}());
