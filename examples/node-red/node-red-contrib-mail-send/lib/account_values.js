/**
 * What a person typed into the fields of a panel, made plain: one value per field that applies.
 *
 * Guarantees: only fields of the table are read, from own members only; a field whose condition does not hold, or
 * hangs on one that does not, has no value, nor has one that a chosen row does not offer: nobody sees it. Text is
 * trimmed, lists are lists; nothing is changed that was given.
 * Does not: check what the component checks itself (lengths, forms, what is required), or see any secret.
 */
'use strict';

/** Longest text of one field, in UTF-16 units. */
const MOST_TEXT = 1024 * 1024;

/** A value that cannot be taken. `id` is that of a sentence of admin_problem.js; `field` its field. No value in it. */
class FieldProblem extends Error {
    constructor(id, field) {
        super(`${field}: ${id}`);
        this.name = 'FieldProblem';
        this.id = id;
        this.field = field;
    }
}

function own(values, name) {
    return values !== null && values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

function lines(text) {
    return text
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
}

/** What is no number of the field's kind is left to the component, which says what is wrong with it. */
function number(field, text) {
    const form = (field.types || []).includes('number') ? /^-?\d{1,15}(\.\d{1,15})?$/ : /^-?\d{1,15}$/;
    return form.test(text) ? Number(text) : text;
}

/** The value that a text stands for in a list of choices; the text itself where it is none of them. */
function oneOf(field, text) {
    const found = (field.values || []).find((each) => (typeof each === 'string' ? each : JSON.stringify(each)) === text);
    return found === undefined ? text : found;
}

function json(field, text) {
    try {
        return JSON.parse(text);
    } catch {
        throw new FieldProblem('not-json', field.name);
    }
}

function typed(field, given) {
    const text = String(given);
    if (text.length > MOST_TEXT) throw new FieldProblem('too-long', field.name);
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    switch (field.kind) {
        case 'number':
            return number(field, trimmed);
        case 'boolean':
            return trimmed === 'true' ? true : trimmed === 'false' ? false : trimmed;
        case 'list':
            return lines(text);
        case 'json':
            return json(field, text);
        case 'select':
        case 'choice':
            return oneOf(field, trimmed);
        default:
            return field.multiline || field.widget === 'multiline' ? text : trimmed;
    }
}

/** undefined: nothing was typed. `structured`: lists and objects are taken, too. */
function valueOf(field, given, structured) {
    if (given === undefined || given === null) return undefined;
    if (typeof given === 'boolean' && field.kind === 'boolean') return given;
    if (structured && field.kind === 'json') return given;
    if (typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given))) return typed(field, given);
    if (structured && typeof given === 'object') return given;
    throw new FieldProblem('wrong-value', field.name);
}

/**
 * `fields`: a table of panel.json; `values`: by field, as an editor or a flow file has them.
 * `structured`: values may be lists and objects, and those of JSON fields are taken as they are, no text of them is
 * parsed (inputs of actions; never settings). `options`: the tables of choices, by file.
 * Returns a Map by field, in the table's order: {field, value, shown}; value is undefined where nothing was typed or
 * the field is not shown; secrets have none. Throws FieldProblem.
 */
function readValues(fields, values, { structured = false, options = {} } = {}) {
    const table = new Map(fields.map((field) => [field.name, field]));
    const rows = fields.filter((field) => field.kind === 'options' && Object.hasOwn(options, field.options));
    const read = new Map();
    const offered = (field) =>
        rows.every((by) => {
            const { offers, choices } = options[by.options];
            if (by === field || !offers.includes(field.name)) return true;
            const row = choices.find(({ id }) => id === read1(by).value);
            return row === undefined || Object.hasOwn(row.offers || {}, field.name);
        });
    const read1 = (field) => {
        const known = read.get(field.name);
        if (known !== undefined) return known;
        const entry = { field, value: undefined, shown: false };
        read.set(field.name, entry); // a condition that comes back to its own field does not hold
        entry.shown = Object.entries(field.shown || {}).every(([name, allowed]) => {
            const decides = table.get(name);
            return decides !== undefined && allowed.includes(chosen(read1(decides)));
        });
        entry.shown = entry.shown && offered(field);
        const entered = field.kind !== 'secret' && field.kind !== 'fixed';
        if (entry.shown && entered) entry.value = valueOf(field, own(values, field.name), structured);
        return entry;
    };
    for (const field of fields) read1(field);
    return new Map(fields.map((field) => [field.name, read.get(field.name)]));
}

/** The same of an account's settings. Throws FieldProblem. */
function readSettings(panel, values) {
    return readValues(panel.settings.fields, values, { options: panel.options });
}

/** What counts for an entry of readValues: its value, or else the default; undefined where it is not shown. */
function chosen(entry) {
    if (!entry.shown) return undefined;
    return entry.value === undefined ? entry.field.default : entry.value;
}

/** Whether the condition of an action or a field holds for what readValues returned. */
function holds(condition, read) {
    return Object.entries(condition || {}).every(
        ([name, allowed]) => read.has(name) && allowed.includes(chosen(read.get(name))),
    );
}

module.exports = { FieldProblem, chosen, holds, readSettings, readValues };
