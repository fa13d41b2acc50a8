/**
 * Which secrets go with an account's settings, and which of the stored ones an editor's action may use.
 *
 * Guarantees: a stored value is used for settings that nobody deployed only where their scope (secret_scope.js) is that
 * of the deployed account with the same id; in all other cases it is asked for again. Values that the host wrote
 * itself, such as tokens, are only named, and their names hold the scope. Only secrets that apply are named at all.
 * Does not: keep or log a value.
 */
'use strict';
const { secretName } = require('./secret_scope');

/** What an editor of Node-RED has in a password's box in place of the stored value. */
const STORED_MARK = '__PWRD__';

/** Names under which nothing is ever stored, for actions that only look at the settings. */
const UNSAVED = 'unsaved';

function isStored(given) {
    return given === STORED_MARK || (typeof given === 'object' && given !== null && given.stored === true);
}

/** Of an action that only looks: there is a value in the editor, which kept it. */
function isTyped(given) {
    return typeof given === 'object' && given !== null && given.typed === true;
}

function ownText(values, name) {
    const value = values && Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
}

function secretsShown(read) {
    return [...read.values()].filter(({ field, shown }) => shown && field.kind === 'secret').map(({ field }) => field);
}

/** Of a deployed account: {names: {field: name}, values: {name: value}}. `credentials`: as Node-RED keeps them. */
function accountSecrets(read, id, scope, credentials) {
    const names = {};
    const values = {};
    for (const field of secretsShown(read)) {
        const value = field.written ? undefined : ownText(credentials, field.name);
        if (!field.written && value === undefined) continue;
        names[field.name] = secretName(id, field.name, scope);
        if (value !== undefined) values[names[field.name]] = value;
    }
    return { names, values };
}

/**
 * Of an action on what stands in an editor: as accountSecrets, and `missing`, the fields that must be typed again.
 * given: {field: text typed now | {stored: true}}, none empty; deployed: accounts with this id, {scope, credentials}.
 */
function actionSecrets(read, id, scope, given, deployed) {
    const same = deployed.find((account) => account.scope === scope);
    const used = {};
    const missing = [];
    for (const field of secretsShown(read)) {
        if (field.written || !Object.hasOwn(given, field.name)) continue;
        const stored = isStored(given[field.name]);
        const value = stored ? same && ownText(same.credentials, field.name) : ownText(given, field.name);
        if (value !== undefined) used[field.name] = value;
        else missing.push(field.name);
    }
    return { ...accountSecrets(read, id, scope, used), missing };
}

/** Of an action that only looks at the settings: names for what is there or was typed, and not one value. */
function namedSecrets(read, given) {
    const names = {};
    for (const field of secretsShown(read)) {
        const there = field.written || Object.hasOwn(given, field.name);
        if (there) names[field.name] = secretName(UNSAVED, field.name, UNSAVED);
    }
    return { names, values: {}, missing: [] };
}

module.exports = { STORED_MARK, accountSecrets, actionSecrets, isStored, isTyped, namedSecrets };
