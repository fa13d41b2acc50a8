/**
 * What the editor asks of this runtime: POST /<type>/action, /<type>/answer and /<type>/cancel.
 *
 * Guarantees: only for people with the permission `<type>.action`, from the editor's own page, in JSON; a closed
 * connection cancels its action; every answer is free of what was stored, and nothing of a request is logged.
 * Does not: deploy or store anything. What is signed in is stored by the host, under a name for these settings only.
 */
'use strict';
const { deployedAccounts } = require('./account_registry');
const { editorLanguage, readAction } = require('./action_request');
const { ActionRuns } = require('./action_run');
const { actionSettings } = require('./action_settings');
const { ActionStream, filesOf } = require('./action_stream');
const { Refused } = require('./admin_problem');
const { readBody } = require('./admin_request');

/** What a person may take, and what a server may take, in milliseconds. */
const PERSON_MS = 15 * 60 * 1000;
const SERVER_MS = 2 * 60 * 1000;
/** Longest address that is pasted, in UTF-16 units. */
const LONGEST_PASTED = 16 * 1024;
/** The file that an operation with the view `message` makes. */
const MESSAGE_FILE = 'message.eml';

/** The deployed node's properties as the flow file has them: Node-RED replaces values of the environment later. */
function storedProperties(RED, id) {
    let stored = {};
    RED.nodes.eachNode((node) => {
        if (node.id === id) stored = node;
    });
    return stored;
}

function callOf(asked, prepared, stream) {
    const { action, language } = asked;
    return {
        operation: action.id,
        input: prepared.input,
        language,
        effects: action.effects,
        timeoutMs: action.prompts ? PERSON_MS : SERVER_MS,
        save: action.view === 'message' ? [MESSAGE_FILE] : [],
        onProgress: (event) => stream.line({ type: 'progress', event }),
        onPrompt: (question) => stream.line({ type: 'prompt', question }),
    };
}

const NO_PROBLEMS = {
    status: 'ok',
    outcome: 'succeeded',
    document: { format: 1, outcome: 'succeeded', problems: [] },
};

/** What was not given here is no problem of the settings. */
function withoutIgnored({ status, outcome, document }, ignored) {
    const { problems, error } = document || {};
    if (error && ignored.has(error.pointer)) return NO_PROBLEMS;
    if (!Array.isArray(problems)) return { status, outcome, document };
    return {
        status,
        outcome,
        document: { ...document, problems: problems.filter(({ pointer }) => !ignored.has(pointer)) },
    };
}

function resultLine(result, ignored) {
    return { type: 'result', ...withoutIgnored(result, ignored), files: filesOf(result.blobs) };
}

function asRefused(RED, panel, error) {
    if (error instanceof Refused) return error;
    RED.log.error(`[${panel.type}] action: ${error && error.name}`); // a message could hold what was sent
    return new Refused('internal');
}

/** Registers the endpoints. `host`: the object that registerAccount (account_node.js) was given. */
function registerEndpoints(RED, panel, host) {
    const runs = new ActionRuns();
    const accounts = deployedAccounts(host);

    async function perform(asked, run, stream) {
        const id = asked.account === null ? undefined : asked.account.id;
        const known =
            id === undefined
                ? { deployed: [], stored: {} }
                : { deployed: accounts.withId(id), stored: storedProperties(RED, id) };
        const prepared = actionSettings(panel, asked, known);
        stream.line({ type: 'started', run: run.id });
        const component = { type: panel.type, settings: prepared.settings, secrets: prepared.secrets };
        const result = await run.perform(host.calls(), component, callOf(asked, prepared, stream));
        stream.line(resultLine(result, prepared.ignored));
    }

    async function action(body, response, language) {
        const asked = readAction(panel, body);
        const run = runs.begin();
        try {
            const stream = new ActionStream(response, () => run.cancel());
            try {
                await perform(asked, run, stream);
            } catch (error) {
                stream.line({ type: 'error', error: asRefused(RED, panel, error).told(host, language) });
            }
            stream.end();
        } finally {
            run.end();
        }
    }

    async function answer(body, response) {
        const run = runs.find(body.run);
        if (typeof body.pasted !== 'string') throw new Refused('bad-request', { field: 'pasted' });
        if (body.pasted.length > LONGEST_PASTED) throw new Refused('too-long', { field: 'pasted' });
        const { known } = run === undefined ? { known: false } : await run.answer(body.pasted);
        response.json({ known: known === true });
    }

    async function cancel(body, response) {
        const run = runs.find(body.run);
        if (run !== undefined) run.cancel();
        response.json({ known: run !== undefined });
    }

    function post(name, serve) {
        const allowed = RED.auth.needsPermission(`${panel.type}.action`);
        RED.httpAdmin.post(`/${panel.type}/${name}`, allowed, async (request, response) => {
            let language = panel.languages[0];
            try {
                response.setHeader('Cache-Control', 'no-store');
                const body = await readBody(request);
                language = editorLanguage(panel, body);
                await serve(body, response, language);
            } catch (error) {
                const refused = asRefused(RED, panel, error);
                if (!response.headersSent)
                    response.status(refused.status).json({ error: refused.told(host, language) });
            }
        });
    }

    post('action', action);
    post('answer', answer);
    post('cancel', cancel);
}

module.exports = { registerEndpoints };
