/**
 * Results of calls that no component made: the process ended, is missing, or the call was not begun for another reason.
 *
 * Guarantees: a document as a component's: outcome, error with stage, class, advice, an English message, and an
 * explanation in the call's language. The outcome is `unknown` only where the work may have been done.
 * Does not: know what the work is.
 */
'use strict';

/** What can happen. `id`s never change once they were given; texts are panel.host.<problem>.title, .cause, .step. */
const PROBLEMS = {
    'ended-unknown': { id: 'host.ended', outcome: 'unknown', class: 'unknown', advice: 'never', actor: 'nobody' },
    'ended-failed': { id: 'host.ended', class: 'transient', advice: 'backoff', actor: 'nobody' },
    'ended-often': { id: 'host.ended', class: 'transient', advice: 'backoff', actor: 'developer' },
    'unreadable-unknown': {
        id: 'host.unreadable', outcome: 'unknown', class: 'unknown', advice: 'never', actor: 'developer',
    },
    'unreadable-failed': { id: 'host.unreadable', class: 'transient', advice: 'backoff', actor: 'developer' },
    missing: { id: 'host.missing', class: 'permanent', advice: 'after-fix', actor: 'developer' },
    start: { id: 'host.start', class: 'transient', advice: 'backoff', actor: 'developer' },
    'queue-full': { id: 'host.queue_full', class: 'transient', advice: 'backoff', actor: 'developer' },
    'bytes-full': { id: 'host.bytes_full', class: 'transient', advice: 'backoff', actor: 'developer' },
    'too-long': {
        id: 'host.too_long', status: 'invalid-input', class: 'permanent', advice: 'after-fix', actor: 'sender',
    },
    'not-plain': {
        id: 'host.not_plain', status: 'invalid-input', class: 'permanent', advice: 'after-fix', actor: 'sender',
    },
    deadline: { id: 'host.deadline', class: 'transient', advice: 'backoff', actor: 'nobody' },
    stopping: { id: 'host.stopping', class: 'transient', advice: 'backoff', actor: 'nobody' },
    cancelled: {
        id: 'host.cancelled', status: 'cancelled', outcome: 'cancelled', class: 'unknown', advice: 'never',
        actor: 'nobody',
    },
    blobs: { id: 'host.blobs', class: 'transient', advice: 'backoff', actor: 'developer' },
    'no-component': { id: 'host.no_component', class: 'permanent', advice: 'after-fix', actor: 'developer' },
    refused: { class: 'permanent', advice: 'after-fix', actor: 'developer' },
    'refused-now': { class: 'transient', advice: 'backoff', actor: 'developer' },
};

// Errors of the host that pass by themselves.
const PASSING = new Set(['busy', 'closing', 'internal', 'stuck']);

/**
 * A result as Calls gives it. `problem` is a key of PROBLEMS, `params` go into its texts.
 * `words`, `language`, `ports` as in calls.js; `id` takes the place of the problem's own.
 */
function madeResult(problem, { words, language = 'en', ports, params = {}, id }) {
    const row = PROBLEMS[problem];
    const say = (part, tongue) => {
        const key = `panel.host.${problem}.${part}`;
        const text = words(key, params, tongue);
        return typeof text === 'string' && text !== '' && text !== key ? text : undefined;
    };
    const spoken = (part) => say(part, language) || say(part, 'en');
    const outcome = row.outcome || 'failed';
    const error = {
        id: id || row.id,
        stage: 'host',
        class: row.class,
        retry: { advice: row.advice },
        message: say('cause', 'en') || `wfc serve: ${problem}`,
        explanation: {
            title: spoken('title') || `wfc serve: ${problem}`,
            cause: spoken('cause') || '',
            steps: [spoken('step')].filter(Boolean),
            actor: row.actor,
        },
    };
    const result = { status: row.status || 'failed', outcome, document: { format: 1, outcome, error }, blobs: {} };
    return withPort(result, ports);
}

/** The result for an `error` of the host: what it answers was not begun. */
function refusedResult(line, settings) {
    const { id, message } = line.error || {};
    const params = { message: String(message || id || 'error') };
    return madeResult(PASSING.has(id) ? 'refused-now' : 'refused',
        { ...settings, params, id: /^[a-z-]+$/.test(id) ? `host.${id.replaceAll('-', '_')}` : 'host.refused' });
}

/** The result for a `configured` that is not ok: the component's own document. */
function unconfiguredResult(line, settings) {
    if (!isDocument(line.document)) return madeResult('unreadable-failed', settings);
    const outcome = line.document.outcome || 'failed';
    return withPort({ status: line.status, outcome, document: line.document, blobs: {} }, settings.ports);
}

function isDocument(document) {
    return document !== null && typeof document === 'object' && !Array.isArray(document);
}

/** Names the port: that of the outcome, `failed` where no port has its name. */
function withPort(result, ports) {
    if (ports) result.port = ports.includes(result.outcome) ? result.outcome : 'failed';
    return result;
}

module.exports = { PROBLEMS, madeResult, refusedResult, unconfiguredResult, isDocument };
