/**
 * Results that the nodes make themselves: the message or the account cannot be used, there is no account, the node was
 * stopped.
 *
 * Guarantees: a result as Calls gives it, with a document as a component's: outcome failed, nothing was begun, an
 * English sentence, an explanation in the account's language.
 * Does not: describe anything that the host or a component saw.
 */
'use strict';

const AFTER_FIX = { class: 'permanent', advice: 'after-fix' };

/** What can be told. The texts are panel.node.<kind>.title, .cause, .step. */
const KINDS = {
    input: { id: 'input.invalid', stage: 'input', status: 'invalid-input', ...AFTER_FIX, actor: 'sender' },
    account: { id: 'host.no_account', stage: 'settings', status: 'invalid-settings', ...AFTER_FIX, actor: 'developer' },
    settings: { id: 'host.settings', stage: 'settings', status: 'invalid-settings', ...AFTER_FIX, actor: 'developer' },
    stopped: { id: 'host.stopping', stage: 'host', class: 'transient', advice: 'backoff', actor: 'nobody' },
    internal: { id: 'host.node', stage: 'host', class: 'unknown', advice: 'never', actor: 'developer' },
};

/**
 * A result of a kind of KINDS. `say(key, params)` speaks the account's language. `message` is the English sentence,
 * `spoken` the same in the account's language where there is one, `prefix` what stands before every sentence of the
 * component, `pointer` where in the input document the fault would stand, if it would.
 */
function nodeResult(kind, { say, ports, prefix = '', message, spoken = message, pointer }) {
    const { id, stage, status = 'failed', advice, actor, class: cls } = KINDS[kind];
    const params = { sentence: spoken };
    const error = { id, stage, class: cls, retry: { advice }, message: `${prefix}${message}` };
    if (pointer !== undefined) error.pointer = pointer;
    error.explanation = {
        title: say(`panel.node.${kind}.title`, params),
        cause: say(`panel.node.${kind}.cause`, params),
        steps: [say(`panel.node.${kind}.step`, params)],
        actor,
    };
    const document = { format: 1, outcome: 'failed', error };
    return { status, outcome: 'failed', port: ports.includes('failed') ? 'failed' : undefined, document, blobs: {} };
}

module.exports = { nodeResult };
