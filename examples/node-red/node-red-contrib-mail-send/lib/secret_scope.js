/**
 * For what settings a secret is good, and the name it has for the host.
 *
 * Guarantees: two accounts have one scope only if every field that decides where a secret goes (`binds` in panel.json)
 * has the same value, as the component would see it: trimmed, a default as if it had been typed, fields that do not
 * apply left out. A name says the account, the field and the scope, so that what was stored or signed in for one
 * server is not found with the settings of another.
 * Does not: know which values exist. Where in doubt (capital letters in a host's name) scopes differ.
 */
'use strict';
const crypto = require('node:crypto');
const { chosen, readSettings } = require('./account_values');

/** Longest name that settings may hold. */
const LONGEST_NAME = 128;

function digest(text, digits) {
    return crypto.createHash('sha256').update(text, 'utf8').digest('hex').slice(0, digits);
}

/** JSON with the members of objects in one order: how somebody wrote a document says nothing. */
function canonical(value) {
    if (Array.isArray(value)) return value.map(canonical);
    if (value === null || typeof value !== 'object') return value;
    const names = Object.keys(value).sort();
    return Object.fromEntries(names.map((name) => [name, canonical(value[name])]));
}

/** What one value comes to: 587 and "587" are the same port; in JSON a number is no text. */
function told(field, value) {
    if (field.kind === 'json') return { json: canonical(value) };
    return Array.isArray(value) ? value.map(String) : String(value);
}

/** A default, also that of a box that is not ticked, says no more than an empty field. */
function meant(entry) {
    const { field } = entry;
    const value = chosen(entry);
    const implied = field.kind === 'boolean' ? (field.default ?? false) : field.default;
    if (value === undefined || (field.kind === 'list' && value.length === 0)) return undefined;
    const said = told(field, value);
    return implied !== undefined && JSON.stringify(said) === JSON.stringify(told(field, implied)) ? undefined : said;
}

/**
 * The scope of settings: 16 hexadecimal digits. `read`: what readSettings() made of them.
 * (The pairs are sorted: neither a new order of the panel nor a new field that nobody filled in changes a scope.)
 */
function scopeOf(panel, read) {
    const pairs = [];
    for (const entry of read.values()) {
        if (!entry.field.binds) continue;
        const value = meant(entry);
        if (value !== undefined) pairs.push([entry.field.name, value]);
    }
    pairs.sort((one, other) => (one[0] < other[0] ? -1 : 1));
    return digest(JSON.stringify([panel.type, pairs]), 16);
}

/** As scopeOf, of values as they were typed. Throws FieldProblem. */
function scopeOfValues(panel, values) {
    return scopeOf(panel, readSettings(panel, values));
}

/** Whether an editor may name an account so. Ids of Node-RED are such. */
function isAccountId(id) {
    return typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
}

/** What stands for an account in names: its id, or what is made of one that was written by hand. */
function identityOf(id) {
    return isAccountId(id) ? id : 'h' + digest(String(id), 32);
}

/** The secret's name for the host: `<account>.<field>.<scope>`, at most 128 characters. */
function secretName(id, field, scope) {
    const name = `${identityOf(id)}.${field}.${scope}`;
    return name.length <= LONGEST_NAME ? name : `${identityOf(id)}.f${digest(field, 32)}.${scope}`;
}

module.exports = { identityOf, isAccountId, scopeOf, scopeOfValues, secretName };
