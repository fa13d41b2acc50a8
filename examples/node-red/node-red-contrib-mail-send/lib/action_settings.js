/**
 * With what settings, secrets and input an action of the editor runs.
 *
 * Guarantees: what was stored for a deployed account (credentials, values of the environment) is used only for settings
 * of the same scope; otherwise the action is refused before anything is sent to the host. Actions that connect to
 * nothing (`validate`, the view `message`) get names of secrets and no values, stored or typed.
 * Does not: run anything.
 */
'use strict';
const { inputFields } = require('./action_request');
const { Refused } = require('./admin_problem');
const { actionSecrets, namedSecrets } = require('./account_secrets');
const { FieldProblem, holds, readSettings, readValues } = require('./account_values');
const { scopeOf } = require('./secret_scope');
const { documentOf } = require('./settings_document');

/** How Node-RED writes a value of the environment, in a field that is nothing else. */
const ENVIRONMENT = /^(\$\{\S+\}|\$\(\S+\))$/;

function isEnvironment(value) {
    return typeof value === 'string' && ENVIRONMENT.test(value);
}

/** The fields whose values come from there. */
function ofEnvironment(values) {
    return Object.keys(values).filter((name) => isEnvironment(values[name]));
}

/** Whether the action does without secrets' values: it connects to nothing. */
function looksOnly(action) {
    return isValidate(action) || action.view === 'message';
}

/** While somebody types: a value of the environment is left as it is. */
function isValidate(action) {
    return action.id === 'validate';
}

/** Values typed now, with those of the environment as the deployed account has them; null where one is not known. */
function resolved(values, stored, deployed) {
    const result = {};
    for (const [name, value] of Object.entries(values)) {
        if (!isEnvironment(value)) {
            result[name] = value;
        } else {
            if (!Object.hasOwn(stored, name) || stored[name] !== value) return null;
            result[name] = deployed.values[name];
        }
    }
    return result;
}

/**
 * The fields that are read, and the account whose environment they use. A value of the environment is known for the
 * field in which it was deployed, and only as long as everything goes where the deployed account goes.
 */
function readAccount(panel, account, known) {
    if (ofEnvironment(account.values).length === 0) return readSettings(panel, account.values);
    for (const deployed of known.deployed) {
        const values = resolved(account.values, known.stored, deployed);
        const read = values === null ? null : readSettings(panel, values);
        if (read !== null && scopeOf(panel, read) === deployed.scope) return read;
    }
    throw new Refused('not-deployed', {}, ofEnvironment(account.values));
}

function refuseTypedEnvironment(credentials) {
    const fields = ofEnvironment(credentials);
    if (fields.length > 0) throw new Refused('not-deployed', {}, fields);
}

function pointersOf(panel, names) {
    return new Set(panel.settings.fields.filter(({ name }) => names.includes(name)).map(({ pointer }) => pointer));
}

/** Problems that there are only because a value was not given here. */
function unknowable(panel, account, secrets) {
    return pointersOf(panel, [...ofEnvironment(account.values), ...Object.keys(secrets.names)]);
}

function inLanguage(panel, settings, language) {
    const has = panel.settings.fields.some(({ pointer }) => pointer === '/language');
    return has ? { ...settings, language } : settings;
}

function inputOf(panel, { action, input, language }) {
    const fields = inputFields(panel, action);
    const document = documentOf(readValues(fields, input, { structured: true }));
    const speaks = action.settings === 'optional' && fields.some(({ pointer }) => pointer === '/language');
    return speaks && document.language === undefined ? { ...document, language } : document;
}

function accountSettings(panel, { action, account, language }, known) {
    const looks = looksOnly(action);
    const read = isValidate(action)
        ? readSettings(panel, account.values)
        : readAccount(panel, account, known);
    if (!holds(action.shown, read)) throw new Refused('not-shown');
    if (!looks) refuseTypedEnvironment(account.credentials);
    const secrets = looks
        ? namedSecrets(read, account.credentials)
        : actionSecrets(read, account.id, scopeOf(panel, read), account.credentials, known.deployed);
    if (secrets.missing.length > 0) throw new Refused('secret-needed', {}, secrets.missing);
    return {
        settings: inLanguage(panel, documentOf(read, secrets.names), language),
        secrets: secrets.values,
        ignored: isValidate(action) ? unknowable(panel, account, secrets) : new Set(),
    };
}

/**
 * `asked`: of readAction; `known`: {deployed: accounts with this id (account_registry.js), stored: the deployed node's
 * properties as they stand in the flow file}.
 * → {settings or null, secrets: {name: value}, input, ignored: pointers of problems that are none}. Throws Refused.
 */
function actionSettings(panel, asked, known) {
    try {
        const input = inputOf(panel, asked);
        if (asked.account === null) return { settings: null, secrets: {}, input, ignored: new Set() };
        return { ...accountSettings(panel, asked, known), input };
    } catch (error) {
        if (error instanceof FieldProblem) throw new Refused(error.id, { field: error.field }, [error.field]);
        throw error;
    }
}

module.exports = { actionSettings };
