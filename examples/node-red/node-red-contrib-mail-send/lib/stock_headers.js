/**
 * Header fields of a message, from msg.headers and from what the stock e-mail node reads for replies.
 *
 * Guarantees: fields of the transfer and of credentials (Cookie, Authorization, Host, Received, Bcc, DKIM-* …) never
 * come out, wherever they came from; what was left out is a warning. Values are strings.
 * Does not: check line breaks, lengths or which fields the component writes itself: the component does.
 */
'use strict';

const { Unusable, ownValue, path, plainValue } = require('./plain_value');
const { warning } = require('./stock_words');

const MOST_HEADERS = 200;
/** RFC 5322 section 2.1.1; the component takes no longer value. */
const MOST_VALUE = 998;

/** Lower case. A final "-" stands for every field that begins so. */
const NEVER = [
    'bcc', 'resent-bcc', 'received', 'return-path', 'delivered-to', 'dkim-', 'domainkey-', 'arc-', 'authentication-',
    'cookie', 'cookie2', 'set-cookie', 'set-cookie2', 'authorization', 'proxy-', 'www-authenticate', 'x-api-key',
    'x-auth-token', 'x-access-token', 'x-csrf-token', 'x-xsrf-token', 'x-amz-security-token',
    'host', 'connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'forwarded',
    'x-forwarded-', 'x-real-ip', 'via', 'origin', 'referer', 'user-agent', 'server', 'x-powered-by',
    'accept', 'accept-',
    'access-control-', 'sec-', 'if-', 'cache-control', 'pragma', 'age', 'etag', 'expires', 'last-modified', 'vary',
    'location', 'content-', 'date', 'strict-transport-security', 'x-node-red-request-node',
];

/** Whether a field of that name is never taken over. Blanks around it do not hide it. */
function isNever(name) {
    const lower = name.trim().toLowerCase();
    return NEVER.some((entry) => (entry.endsWith('-') ? lower.startsWith(entry) : lower === entry));
}

function textOf(value, member) {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value === 'string') return value;
    throw new Unusable(member, 'must be a string', '/headers');
}

function checkNumber(count, member) {
    if (count > MOST_HEADERS) throw new Unusable(member, `holds more than ${MOST_HEADERS} headers`, '/headers');
}

/** [name, value, member] of an object of fields, or of a list of {key, value} as the stock node's mailer takes it. */
function pairs(value, member) {
    if (Array.isArray(value)) {
        checkNumber(value.length, member);
        return Array.from({ length: value.length }, (_, at) => {
            const entry = ownValue(value, at, member);
            const name = ownValue(entry, 'key', path(member, at));
            if (typeof name !== 'string') throw new Unusable(path(member, at), 'must be {key, value}', '/headers');
            return [name, ownValue(entry, 'value', path(member, at)), path(member, at)];
        });
    }
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) {
        throw new Unusable(member, 'must be an object of names and values', '/headers');
    }
    ownValue(value, '', member);  // no Proxy gets further
    const names = Object.keys(value);
    checkNumber(names.length, member);
    return names.map((name) => [name, ownValue(value, name, member), path(member, name)]);
}

/** Adds the fields of `value` to `headers`. A later one of the same name, in any case, replaces an earlier one. */
function addHeaders(headers, value, member, { budget, language, warnings }) {
    for (const [name, found, at] of pairs(value, member)) {
        if (found === undefined || found === null) continue;
        if (isNever(name)) {
            warnings.push(warning(language, 'header', name.trim().slice(0, 64)));
            continue;
        }
        const text = textOf(found, at);
        for (const other of Object.keys(headers)) if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
        budget.text(at, name);
        headers[name] = budget.text(at, text);
    }
}

/** Identifiers of messages in angle brackets, the newest that fit one line; undefined where there is none. */
function identifiers(value, member) {
    const given = plainValue(value, member);
    const texts = (Array.isArray(given) ? given : [given]).map((one) => textOf(one, member));
    // Only blanks part them: a line break stays, and the component refuses it.
    const ids = texts.flatMap((text) => text.split(/[ \t]+/)).filter((id) => id !== '');
    const bracketed = ids.map((id) => (id.startsWith('<') ? id : `<${id}>`));
    while (bracketed.length > 1 && Buffer.byteLength(bracketed.join(' ')) > MOST_VALUE) bracketed.shift();
    return bracketed.length > 0 ? bracketed.join(' ') : undefined;
}

/** In-Reply-To and References from msg, as the stock node reads them: {In-Reply-To?, References?}. */
function replyHeaders(msg) {
    const headers = Object.create(null);
    const answered = ownValue(ownValue(msg, 'header', 'msg'), 'message-id', 'msg.header');
    const inReplyTo = answered || ownValue(msg, 'inReplyTo', 'msg');
    const references = ownValue(msg, 'references', 'msg');
    const member = answered ? 'msg.header["message-id"]' : 'msg.inReplyTo';
    const first = inReplyTo ? identifiers(inReplyTo, member) : undefined;
    const second = references ? identifiers(references, 'msg.references') : undefined;
    if (first) headers['In-Reply-To'] = first;
    if (second) headers.References = second;
    return { headers, answers: Boolean(answered) };
}

module.exports = { addHeaders, isNever, replyHeaders };
