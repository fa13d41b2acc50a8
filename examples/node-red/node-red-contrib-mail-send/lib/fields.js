/**
 * The fields of a flow node, evaluated for one message.
 *
 * Guarantees: each field of the panel that the person set is in the answer, also where it came out empty; a field
 * that was left alone is not. Expressions run through Node-RED's own evaluation. A fault is an Unusable that names it.
 * Does not: make plain data of the values, or read a message's own members.
 */
'use strict';

const { Budget, Unusable, plainValue } = require('./plain_value');

/** Types whose value is no text that could be empty. */
const ALWAYS = new Set(['bool', 'date']);
const LITERAL = { number: 'num', boolean: 'bool', json: 'json', list: 'lines' };

/** {value, type} of a field as it was typed, or undefined where it was left alone. */
function typedField(config, name, kind = 'text') {
    const value = config[name];
    const type = config[`${name}_type`] ?? (LITERAL[kind] || 'str');
    if (type === '' || value === undefined || value === null) return undefined;
    if (!ALWAYS.has(type) && String(value).trim() === '') return undefined;
    return { value, type };
}

function lines(text) {
    return String(text).split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== '');
}

/** Evaluates {value, type} for `msg`. `prepared` keeps compiled JSONata (a Map). Rejects with what Node-RED throws. */
function evaluated(RED, node, msg, { value, type }, prepared) {
    if (type === 'str') return String(value);
    if (type === 'bool') return value === true || /^true$/i.test(value);
    if (type === 'lines') return lines(value);
    return new Promise((resolve, reject) => {
        const settle = (error, result) => (error ? reject(error) : resolve(result));
        if (type !== 'jsonata') {
            RED.util.evaluateNodeProperty(value, type, node, msg, settle);
            return;
        }
        if (!prepared.has(value)) prepared.set(value, RED.util.prepareJSONataExpression(value, node));
        RED.util.evaluateJSONataExpression(prepared.get(value), msg, settle);
    });
}

/** First line of what was thrown, bounded: it goes into a sentence. */
function reason(error) {
    let text;
    try {
        text = String((error && error.message) || error);
    } catch {
        text = 'it threw something that is no text';
    }
    return text.split('\n')[0].slice(0, 300);
}

async function oneField(RED, node, msg, name, field, prepared) {
    let result;
    try {
        result = await evaluated(RED, node, msg, field, prepared);
    } catch (error) {
        throw new Unusable(`The field ${name}`, `cannot be evaluated (${field.type}): ${reason(error)}`);
    }
    // A timestamp is a number in Node-RED and a text in every document.
    if (field.type === 'date' && typeof result === 'number') return new Date(result).toISOString();
    return result;
}

/**
 * Reads the fields of one node. Made once for a node; `evaluate` may run any number of times at once.
 * `config` is the node's configuration, `names` the names of further typed fields.
 */
class Fields {
    constructor(RED, node, panel, config, names = []) {
        this.RED = RED;
        this.node = node;
        this.prepared = new Map();
        this.typed = new Map();
        for (const { name, kind } of [...panel.input.fields, ...names.map((name) => ({ name }))]) {
            const field = typedField(config, name, kind);
            if (field) this.typed.set(name, field);
        }
    }

    /** Whether a person typed the value itself, so that no message changes it. */
    isFixed(name) {
        return this.typed.get(name)?.type === 'str';
    }

    /** A Map from names of the fields that are set to what they come to for `msg`. Rejects with an Unusable. */
    async evaluate(msg) {
        const given = new Map();
        for (const [name, field] of this.typed) {
            given.set(name, await oneField(this.RED, this.node, msg, name, field, this.prepared));
        }
        return given;
    }
}

/** Puts `value` at a JSON pointer of `document`. */
function putAt(document, pointer, value) {
    const parts = pointer.split('/').slice(1).map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
    let at = document;
    for (const part of parts.slice(0, -1)) at = at[part] ??= Object.create(null);
    at[parts.at(-1)] = value;
}

/** Whether a value may stay out of the document: nothing, or no text where a text has to have a character. */
function isNothing(field, value) {
    return value === undefined || value === null || (value === '' && (field.minLength > 0 || field.values));
}

/** A value that may be chosen, of the type that it has there; anything else as it is. */
function amongValues(field, value) {
    if (field.values.includes(value)) return value;
    const found = field.values.find((each) => typeof each !== 'string' && JSON.stringify(each) === value);
    return found === undefined ? value : found;
}

/** Texts stay texts: a number or a yes/no in a text field is written out, but for one that may be chosen. */
function asText(field, value) {
    const chosen = field.values ? amongValues(field, value) : value;
    if (field.values && field.values.includes(chosen)) return chosen;
    const plain = field.kind === 'text' || field.kind === 'select' || field.kind === 'choice';
    return plain && (typeof chosen === 'number' || typeof chosen === 'boolean') ? String(chosen) : chosen;
}

/** For components that do not read messages: the fields as they are. {input, blobs, warnings}; throws Unusable. */
function fieldsOnly(msg, given, { panel }) {
    const budget = new Budget();
    const input = Object.create(null);
    for (const field of panel.input.fields) {
        const value = field.kind === 'fixed' ? field.default : given.get(field.name);
        if (isNothing(field, value)) continue;
        putAt(input, field.pointer, plainValue(asText(field, value), `The field ${field.name}`, budget));
    }
    return { input, blobs: {}, warnings: [] };
}

module.exports = { Fields, asText, fieldsOnly, isNothing, putAt, reason };
