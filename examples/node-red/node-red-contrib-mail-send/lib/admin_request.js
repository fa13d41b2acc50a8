/**
 * What every endpoint of the editor asks of a request before it looks at its content.
 *
 * Guarantees: JSON by its content type (a form of a foreign page cannot say so), from a page of this Node-RED, at most
 * 1 MiB, and not compressed: Node-RED's own reader of JSON, which comes first there, unpacks what is. Works without
 * that reader, too.
 * Does not: know who the person is (RED.auth does), log anything of a request.
 */
'use strict';
const { Refused } = require('./admin_problem');

const MOST_BYTES = 1024 * 1024;

function isJson(request) {
    return /^application\/json\s*(;|$)/i.test(request.headers['content-type'] || '');
}

/** Whether its length is that of its content. */
function isPlain(request) {
    return /^(\s*identity\s*)?$/i.test(request.headers['content-encoding'] || '');
}

/** Whether the address from which the request came may speak for a browser behind it (Express: 'trust proxy'). */
function trusted(request) {
    const trust = request.app && request.app.get && request.app.get('trust proxy fn');
    return typeof trust === 'function' && trust(request.socket.remoteAddress, 0);
}

/** Host and port under which the browser sees this server. */
function hostOf(request) {
    const forwarded = trusted(request) ? request.headers['x-forwarded-host'] : undefined;
    return (forwarded ? forwarded.split(',')[0] : request.headers.host || '').trim().toLowerCase();
}

/** Scheme and host are compared as text: of a proxy that is not trusted the scheme is not known. */
function isOfHost(origin, host) {
    try {
        const url = new URL(origin);
        return /^https?:$/.test(url.protocol) && host !== '' && url.host === new URL(`${url.protocol}//${host}`).host;
    } catch {
        return false;
    }
}

/** Browsers say Sec-Fetch-Site where the connection is safe or local, and Origin with every POST. */
function isSameOrigin(request) {
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    return typeof origin === 'string' && isOfHost(origin, hostOf(request));
}

/** The body as bytes; Refused above the bound. */
async function bytesOf(request) {
    const chunks = [];
    let length = 0;
    for await (const chunk of request) {
        length += chunk.length;
        if (length > MOST_BYTES) throw new Refused('too-large');
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

/** The request's JSON object. Throws Refused. */
async function readBody(request) {
    if (!isJson(request)) throw new Refused('not-json-content');
    if (!isSameOrigin(request)) throw new Refused('other-origin');
    if (!isPlain(request)) throw new Refused('encoded');
    if (Number(request.headers['content-length'] || 0) > MOST_BYTES) throw new Refused('too-large');
    let { body } = request;
    if (body === undefined) {
        const bytes = await bytesOf(request);
        try {
            body = JSON.parse(bytes.toString('utf8'));
        } catch {
            throw new Refused('bad-request', { field: 'JSON' });
        }
    } else if (request.headers['content-length'] === undefined) {
        // read by others, without a length said before
        if (Buffer.byteLength(JSON.stringify(body)) > MOST_BYTES) throw new Refused('too-large');
    }
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    if (!isObject) throw new Refused('bad-request', { field: 'JSON' });
    return body;
}

module.exports = { MOST_BYTES, readBody };
