/**
 * A request for an action, as the editor sends it:
 *   {"action", "language"?, "input"?: {field: value}, "account"?: {"id", "values"?: {field: value},
 *    "credentials"?: {field: text | {"stored": true} | {"typed": true}}}}
 * `typed` is enough for actions that only look at the settings.
 *
 * Guarantees: an action and fields that panel.json has, an account's id that can stand in a name, text where text
 * belongs; everything else is refused and not ignored. Nothing that was sent is quoted.
 * Does not: decide about secrets (action_settings.js).
 */
'use strict';
const { Refused } = require('./admin_problem');
const { isStored, isTyped } = require('./account_secrets');
const { isAccountId } = require('./secret_scope');

/** Longest secret, in UTF-16 units: a certificate's chain with its key. */
const LONGEST_SECRET = 256 * 1024;

function objectOf(value, field) {
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new Refused('bad-request', { field });
    return value;
}

function onlyMembers(value, names, where) {
    const other = Object.keys(value).find((name) => !names.includes(name));
    if (other !== undefined) throw new Refused('bad-request', { field: where });
}

/** Each member is a field of the table that `takes` allows. */
function onlyFields(value, fields, takes) {
    const table = new Map(fields.map((field) => [field.name, field]));
    for (const name of Object.keys(value)) {
        const field = table.get(name);
        if (field === undefined || !takes(field)) throw new Refused('unknown-field', { field: name.slice(0, 64) });
    }
    return value;
}

function isPlain(value) {
    return value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function valuesOf(panel, given) {
    const values = onlyFields(objectOf(given, 'values'), panel.settings.fields, (field) => field.kind !== 'secret');
    const wrong = Object.keys(values).find((name) => !isPlain(values[name]));
    if (wrong !== undefined) throw new Refused('wrong-value', { field: wrong }, [wrong]);
    return values;
}

/** Without those that are empty. */
function credentialsOf(panel, given) {
    const credentials = onlyFields(
        objectOf(given, 'credentials'),
        panel.settings.fields,
        (field) => field.kind === 'secret' && !field.written,
    );
    const kept = Object.entries(credentials).filter(([, value]) => value !== '' && value !== null);
    for (const [name, value] of kept) {
        if (isStored(value) || isTyped(value)) continue;
        if (typeof value !== 'string') throw new Refused('wrong-value', { field: name }, [name]);
        if (value.length > LONGEST_SECRET) throw new Refused('too-long', { field: name }, [name]);
    }
    return Object.fromEntries(kept);
}

function accountOf(panel, given) {
    const account = objectOf(given, 'account');
    onlyMembers(account, ['id', 'values', 'credentials'], 'account');
    if (!isAccountId(account.id)) throw new Refused('bad-account');
    return {
        id: account.id,
        values: valuesOf(panel, account.values),
        credentials: credentialsOf(panel, account.credentials),
    };
}

/** The table of an action's input. */
function inputFields(panel, action) {
    return action.input === 'operation' ? panel.input.fields : action.fields;
}

/** The language of the editor, where the panel has it. */
function editorLanguage(panel, body) {
    return panel.languages.includes(body.language) ? body.language : panel.languages[0];
}

/**
 * → {action, language, account: {id, values, credentials} or null, input: {field: value}}. Throws Refused.
 * An account that the action does without is not looked at.
 */
function readAction(panel, body) {
    onlyMembers(body, ['action', 'language', 'input', 'account'], 'action');
    const action = panel.actions.find(({ id }) => id === body.action);
    if (action === undefined) throw new Refused('unknown-action');
    const input = onlyFields(objectOf(body.input, 'input'), inputFields(panel, action), () => true);
    const account = action.settings === 'optional' ? null : accountOf(panel, body.account);
    return { action, language: editorLanguage(panel, body), account, input };
}

module.exports = { editorLanguage, inputFields, readAction };
