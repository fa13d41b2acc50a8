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
const { FieldProblem, readSettings } = require('./account_values');
const { sentence } = require('./admin_problem');
const { nodeResult } = require('./node_result');
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

/** {id, scope, credentials, values: as configured, settings, secrets}. Throws FieldProblem. */
function accountOf(panel, id, config, credentials, language) {
    const read = readSettings(panel, config);
    const scope = scopeOf(panel, read);
    const { names, values } = accountSecrets(read, id, scope, credentials);
    const settings = documentOf(read, names);
    if (panel.settings.fields.some((field) => field.pointer === '/language')) settings.language = language;
    const given = Object.fromEntries([...read.keys()].map((name) => [name, config[name]]));
    return { id, scope, credentials, values: given, settings, secrets: values };
}

/** A call that never began, in the form of Calls.invoke. */
function refusedCall(call, result) {
    return {
        id: call.call || randomUUID(),
        result: Promise.resolve(result),
        begun: false,
        cancel() {},
        answer: async () => ({ known: false }),
    };
}

/**
 * Registers the account's type. `host`: {calls(): Calls, words(language, key, params)}; the same object as for
 * registerEndpoints (admin_endpoints.js), which finds the deployed accounts by it. `prefix`: of
 * the sentences made here.
 */
function registerAccount(RED, panel, host, { prefix } = {}) {
    const accounts = deployedAccounts(host);
    let revisions = 0;

    /** Each call of an account with such a field fails. */
    function refuse(node, { id, field }) {
        const said = (language) => sentence(host, language, id, { field });
        const say = (key, params) => host.words(node.language, key, params);
        node.error(said(node.language));
        const texts = { say, ports: panel.ports, prefix, message: said('en'), spoken: said(node.language) };
        node.invoke = (call) => refusedCall(call, nodeResult('settings', texts));
    }

    function Account(config) {
        RED.nodes.createNode(this, config);
        const id = config._alias || config.id;
        const credentials = this.credentials || {};
        this.language = languageOf(panel, config.language);
        let account;
        try {
            account = accountOf(panel, id, config, credentials, this.language);
        } catch (problem) {
            if (!(problem instanceof FieldProblem)) throw problem;
            refuse(this, problem);
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
