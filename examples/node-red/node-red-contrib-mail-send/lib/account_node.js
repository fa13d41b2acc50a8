/**
 * The config node: one account is one component of the host, shared by the nodes that use it.
 *
 * Guarantees: a deployed account's calls run with its settings as they were deployed; another deploy is another
 * component, and calls that run keep the old one. Secrets go to the host and nowhere else: not into a message, a log
 * line or this node's properties that an editor can read. An account that cannot be configured is told in the result.
 * Does not: start the host (its first call does), check settings (the component does), forget what was signed in when
 * the node is deleted: an undone delete, or a copy of the flow, would have lost a person's consent. Signing out does.
 *
 * For a node that uses it: node.language, one of panel.languages; node.invoke(call) → what Calls.invoke (calls.js)
 * returns, where `call` is its argument without component, ports, effects and language.
 */
'use strict';
const { randomUUID } = require('node:crypto');
const { deployedAccounts } = require('./account_registry');
const { accountSecrets } = require('./account_secrets');
const { FieldProblem, readValues } = require('./account_values');
const { sentence } = require('./admin_problem');
const { identityOf, scopeOf } = require('./secret_scope');
const { documentOf } = require('./settings_document');

/** Credentials of Node-RED: every secret that a person types. */
function credentialFields(panel) {
    const typed = panel.settings.fields.filter((field) => field.kind === 'secret' && !field.written);
    return Object.fromEntries(typed.map((field) => [field.name, { type: 'password' }]));
}

/** One of the languages of the panel: the one that was stored, else the first. */
function languageOf(panel, stored) {
    return panel.languages.includes(stored) ? stored : panel.languages[0];
}

/** {id, scope, credentials, values: as configured, settings, secrets}, or an Error in a person's words. */
function accountOf(panel, host, id, config, credentials, language) {
    try {
        const read = readValues(panel.settings.fields, config);
        const scope = scopeOf(panel, read);
        const { names, values } = accountSecrets(read, id, scope, credentials);
        const settings = documentOf(read, names);
        if (panel.settings.fields.some((field) => field.pointer === '/language')) settings.language = language;
        const given = Object.fromEntries([...read.keys()].map((name) => [name, config[name]]));
        return { id, scope, credentials, values: given, settings, secrets: values };
    } catch (error) {
        if (!(error instanceof FieldProblem)) throw error;
        return new Error(sentence(host, language, error.id, { field: error.field }));
    }
}

/** A call that never began, in the form of Calls.invoke. */
function refusedCall(panel, call, message) {
    const error = {
        id: 'host.settings',
        stage: 'settings',
        class: 'permanent',
        retry: { advice: 'after-fix' },
        message,
    };
    const document = { format: 1, outcome: 'failed', error };
    const port = panel.ports.includes('failed') ? 'failed' : undefined;
    return {
        id: call.call || randomUUID(),
        result: Promise.resolve({ status: 'invalid-settings', outcome: 'failed', port, document, blobs: {} }),
        cancel() {},
        answer: async () => ({ known: false }),
    };
}

/**
 * Registers the account's type. `host`: {calls(): Calls, words(language, key, params)}; the same object as for
 * registerEndpoints (admin_endpoints.js), which finds the deployed accounts by it.
 */
function registerAccount(RED, panel, host) {
    const accounts = deployedAccounts(host);
    let revisions = 0;

    function Account(config) {
        RED.nodes.createNode(this, config);
        const id = config._alias || config.id;
        const credentials = this.credentials || {};
        this.language = languageOf(panel, config.language);
        const account = accountOf(panel, host, id, config, credentials, this.language);
        if (account instanceof Error) {
            this.error(account.message);
            this.invoke = (call) => refusedCall(panel, call, account.message);
            return;
        }
        revisions += 1;
        const key = `${identityOf(config.id)}.${revisions}`;
        const { settings, secrets, ...deployed } = account;
        let used;
        const calls = () => {
            // the host may have been stopped for good, and be another one now
            if (used !== host.calls()) host.calls().use(key, { type: panel.type, settings, secrets });
            used = host.calls();
            return used;
        };
        calls();
        accounts.add(deployed);
        this.invoke = (call) =>
            calls().invoke({
                ...call,
                component: key,
                ports: panel.ports,
                effects: panel.effects,
                language: this.language,
            });
        this.on('close', (removed, done) => {
            accounts.remove(deployed);
            used.drop(key);
            done();
        });
    }

    RED.nodes.registerType(panel.account, Account, { credentials: credentialFields(panel) });
}

module.exports = { credentialFields, languageOf, registerAccount };
