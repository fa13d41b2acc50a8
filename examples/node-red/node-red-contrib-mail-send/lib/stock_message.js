/**
 * A Node-RED message as the input of `send`: the node's fields first, then the message's own members as the stock
 * e-mail node reads them, so that a flow moves over unchanged. Which member stands in for which field is told by
 * stand_ins.json, from which panel.json has it.
 *
 * Guarantees: plain, bounded data and blobs, or an Unusable that names the member. A field that the person set is
 * never replaced by the message, also where it came out empty. What of the message was passed over is a warning.
 * Other than the stock node: HTML is sent without its source as a text beside it; msg.html is read; msg.headers only
 * with the node's box; msg.envelope, and attachments that would be fetched, are refused.
 * Does not: check addresses, line breaks or lengths: the component does.
 */
'use strict';

const { asText, isNothing } = require('./fields');
const { Budget, Unusable, bytesOf, ownValue, plainValue } = require('./plain_value');
const { Attachments, extensionOf, fileName } = require('./stock_attachments');
const { addHeaders, replyHeaders } = require('./stock_headers');
const { warning, word } = require('./stock_words');

/** As in the stock node: what looks like a tag anywhere makes it HTML. One pass, also over a hostile text. */
function isHtml(text) {
    const tag = text.search(/<[a-z]/i);
    return tag !== -1 && text.lastIndexOf('>') > tag + 1;
}

/** Fields of addresses. */
const ADDRESSES = ['from', 'to', 'cc', 'bcc', 'reply_to', 'sender'];
/** What the stock node leaves alone where its own "To" is filled. */
const WITH_TO = ['cc', 'bcc', 'reply_to'];
const MOST_ADDRESSES = 1000;

/** One message while it is read. */
class Reading {
    constructor(msg, given, context) {
        Object.assign(this, { msg, given, context });
        this.language = context.language;
        this.budget = new Budget();
        this.input = Object.create(null);
        this.warnings = [];
        this.known = new Map(context.panel.input.fields.map((field) => [field.name, field]));
    }

    /** An own member of msg. */
    own(name) {
        return ownValue(this.msg, name, 'msg');
    }

    /** The first member of msg that stands in for a field and holds something; undefined where none does. */
    standIn(name) {
        const { members = [] } = (this.known.get(name) || {}).stand_in || {};
        return members.find((member) => this.own(member));
    }

    warn(id, name) {
        this.warnings.push(warning(this.language, id, name));
    }

    /** Takes the value of a field that the person set; false where it was left alone. */
    takeField(name, change = (value, member) => plainValue(value, member, this.budget)) {
        if (!this.given.has(name)) return false;
        const field = this.known.get(name) || {};
        const value = asText(field, this.given.get(name));
        if (!isNothing(field, value)) this.input[name] = change(value, `The field ${name}`);
        return true;
    }

    /** Strings, {name, address} and lists of both. */
    addresses(value, member) {
        if (Array.isArray(value) && value.length > MOST_ADDRESSES) {
            throw new Unusable(member, `holds more than ${MOST_ADDRESSES} addresses`);
        }
        const plain = plainValue(value, member, this.budget);
        const one = (entry) => {
            if (typeof entry === 'string') return entry;
            if (entry !== null && typeof entry === 'object' && typeof entry.address === 'string') {
                return entry.name ? { name: entry.name, address: entry.address } : { address: entry.address };
            }
            throw new Unusable(member, 'must be an address, {name, address} or a list of them');
        };
        if (!Array.isArray(plain)) return one(plain);
        // Each string of a list may hold several addresses in the stock node: together they are one such string.
        const texts = plain.length > 0 && plain.every((entry) => typeof entry === 'string');
        return texts ? plain.join(', ') : plain.map(one);
    }

    readAddresses() {
        for (const field of ADDRESSES) {
            if (this.takeField(field, (value, name) => this.addresses(value, name))) continue;
            const member = this.standIn(field);
            if (member === undefined) continue;
            if (WITH_TO.includes(field) && this.context.isFixed('to')) this.warn('fixed-to', member);
            else this.input[field] = this.addresses(this.own(member), `msg.${member}`);
        }
    }

    /** A text of msg: what is no string becomes one where that is plain. */
    text(name) {
        const value = plainValue(this.own(name), `msg.${name}`, this.budget);
        if (value !== null && typeof value === 'object') throw new Unusable(`msg.${name}`, 'must be a string');
        return value === null ? '' : String(value);
    }

    readSubject(answers) {
        if (this.takeField('subject')) return;
        const named = this.standIn('subject');
        if (named) this.input.subject = this.text(named);
        else if (this.input.template) return;  // it has a subject of its own
        else this.input.subject = this.own('topic') === '' ? '' : word(this.language, 'default-subject');
        if (answers) this.input.subject = `Re: ${this.input.subject}`;
    }

    /** msg.payload as a whole message: a file, HTML, a text, or data that the component writes out. */
    readBody(attachments) {
        const fields = ['text', 'html', 'template'].filter((name) => this.takeField(name));
        const data = this.takeField('payload');
        const payload = this.own('payload');
        const bytes = bytesOf(payload);
        if (bytes) {
            if (!attachments.used.has('payload')) this.readFile(bytes, attachments, fields);
        } else if (!data && payload !== undefined && payload !== null) {
            if (fields.length === 0 && typeof payload === 'string') this.readText(payload);
            else this.readData(payload, fields);
        }
        const html = this.given.has('html') || this.input.template ? undefined : this.standIn('html');
        if (html !== undefined) this.readHtml(html, payload);
        if (this.own('plaintext') && this.input.html !== undefined && !this.given.has('text')) {
            this.input.text = this.text('plaintext');
        }
        const nothing = ['text', 'html', 'template', 'payload'].every((part) => this.input[part] === undefined);
        if (nothing && attachments.attachments.length === 0) {
            throw new Unusable('msg.payload',
                'is missing: it is the body. Or fill in one of the fields text and html', '/text');
        }
    }

    readText(payload) {
        this.input[isHtml(payload) ? 'html' : 'text'] = this.budget.text('msg.payload', payload);
    }

    /** Data of a template, or a body that the component writes as JSON. With text or HTML in the node it is neither. */
    readData(payload, fields) {
        if (fields.length === 0 || this.input.template) {
            this.input.payload = plainValue(payload, 'msg.payload', this.budget);
        }
    }

    /** msg.html, beside what msg.payload says in plain text. */
    readHtml(member, payload) {
        const html = this.text(member);
        if (html !== '') this.input.html = html;
        if (typeof payload !== 'string') delete this.input.payload;
    }

    readFile(payload, attachments, fields) {
        const given = this.own('filename');
        if (given !== undefined && given !== null && typeof given !== 'string') {
            throw new Unusable('msg.filename', 'must be a string');
        }
        const name = (given ? fileName(given) || 'attachment.bin' : undefined) || `attachment.${extensionOf(payload)}`;
        const headers = this.context.flags.use_headers ? this.own('headers') : undefined;
        const type = ownValue(headers, 'content-type', 'msg.headers');
        attachments.addContent(payload, 'msg.payload', { name, type: typeof type === 'string' ? type : undefined });
        if (fields.length > 0) return;
        const described = this.own('description') !== undefined;
        this.input.text = described ? this.text('description') : word(this.language, 'file-body', name);
    }

    readAttachments() {
        const attachments = new Attachments(this.msg, this);
        if (this.given.has('attachments')) {
            attachments.add(this.given.get('attachments'), 'The field attachments');
        } else if (!bytesOf(this.own('payload'))) {
            attachments.add(this.own('attachments'), 'msg.attachments');
        } else if (this.own('attachments') && this.own('attachments').length !== 0) {
            this.warn('buffer-only');
        }
        return attachments;
    }

    get roots() {
        return this.context.roots;
    }

    readHeaders() {
        const { headers, answers } = replyHeaders(this.msg);
        const own = this.context.flags.use_headers ? this.own('headers') : undefined;
        if (own !== undefined && own !== null) addHeaders(headers, own, 'msg.headers', this);
        const field = this.given.get('headers');
        const set = field !== undefined && field !== null && field !== '';
        if (set) addHeaders(headers, field, 'The field headers', this);
        if (Object.keys(headers).length > 0) this.input.headers = headers;
        return answers;
    }

    readPriority() {
        if (this.takeField('priority')) return;
        const member = this.standIn('priority');
        if (member === undefined) return;
        const priority = this.own(member);
        const lower = typeof priority === 'string' ? priority.toLowerCase() : '';
        if (['high', 'normal', 'low'].includes(lower)) this.input.priority = lower;
        else this.warn('priority');
    }

    read() {
        if (this.own('envelope') !== undefined) {
            throw new Unusable('msg.envelope',
                'is not taken: the envelope is made of to, cc and bcc. Remove it with a change node');
        }
        this.readAddresses();
        const answers = this.readHeaders();
        const attachments = this.readAttachments();
        this.readBody(attachments);
        this.readSubject(answers);
        this.readPriority();
        this.takeField('date');
        if (attachments.attachments.length > 0) this.input.attachments = attachments.attachments;
        return { input: this.input, blobs: { ...attachments.blobs }, warnings: this.warnings };
    }
}

/**
 * {input, blobs: {name: Buffer | string}, warnings: [{id, text}]} of a message. Throws Unusable.
 * `given`: fields that are set, by name (fields.js). `context`: {panel, flags: {use_headers}, roots, language,
 * isFixed(name)}.
 */
function fromMessage(msg, given, context) {
    return new Reading(msg, given, context).read();
}

module.exports = { fromMessage };
