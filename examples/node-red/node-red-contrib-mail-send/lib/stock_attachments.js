/**
 * Attachments of a message, as the stock e-mail node takes them and in MailSend's own form.
 *
 * Guarantees: content comes from Buffers and strings only, within a number and a sum of bytes; nothing is fetched and
 * no file is named unless the administrator gave folders for files (the host enforces them). Each content is a blob.
 * Does not: copy Buffers, guess types from content, or open files.
 *
 * Own form: {path | blob, name?, type?, content_id?}; `blob` names a property of msg that holds a Buffer or a string,
 * as in {"blob": "payload"}. Stock form: {content | path, filename?, contentType?, cid?, encoding?}.
 */
'use strict';

const { types } = require('node:util');
const { Unusable, bytesOf, ownValue, path } = require('./plain_value');
const { warning } = require('./stock_words');

const MOST = 100;
/** No provider takes larger messages; base64 makes a third more of it. */
const MOST_BYTES = 50 * 1024 * 1024;

const STREAM = 'is no Buffer and no string; read it first and pass on what it holds';

/** The attachments of one message. `attachments` go into the input, `blobs` with the call. */
class Attachments {
    /** `roots`: folders of files; `warnings`: a list to add to. */
    constructor(msg, { roots, language, warnings, mostBytes = MOST_BYTES }) {
        Object.assign(this, { msg, roots, language, warnings, mostBytes });
        this.attachments = [];
        this.blobs = Object.create(null);
        this.bytes = 0;
        this.used = new Set();
    }

    get pointer() {
        return `/attachments/${this.attachments.length}`;
    }

    refuse(member, why) {
        throw new Unusable(member, why, this.pointer);
    }

    checkNumber(member) {
        if (this.attachments.length < MOST) return;
        throw new Unusable(member, `is one attachment more than ${MOST}`, '/attachments');
    }

    /** All of a value: one attachment or a list of them. */
    add(value, member) {
        if (value === undefined || value === null || value === '') return;
        if (!Array.isArray(value)) {
            this.addOne(value, member);
            return;
        }
        if (value.length > MOST) throw new Unusable(member, `holds more than ${MOST} attachments`, '/attachments');
        for (let at = 0; at < value.length; at++) this.addOne(ownValue(value, at, member), path(member, at));
    }

    /** Bytes with a name, as made of msg.payload. */
    addContent(content, member, { name, type, contentId } = {}) {
        this.checkNumber(member);
        this.bytes += typeof content === 'string' ? Buffer.byteLength(content, 'utf8') : content.length;
        if (this.bytes > this.mostBytes) {
            const most = this.mostBytes / 1048576;
            this.refuse(member, `is too large: attachments of one message have ${most} MiB together`);
        }
        const number = this.attachments.length + 1;
        const blob = `attachment-${number}`;
        this.blobs[blob] = content;
        this.attachments.push(described({ blob }, {
            name: name || `${blob}.${typeof content === 'string' ? 'txt' : extensionOf(content)}`,
            type,
            contentId,
        }));
    }

    addOne(value, member) {
        const bytes = bytesOf(value);
        if (bytes) {
            this.addContent(bytes, member);
            return;
        }
        if (value === null || typeof value !== 'object' || Array.isArray(value)) {
            this.refuse(member, 'is no attachment; write {content, filename} with a Buffer or a string as content');
        }
        const get = (name) => ownValue(value, name, member);
        for (const name of ['href', 'raw']) {
            if (get(name) !== undefined && get(name) !== null) {
                this.refuse(`${member}.${name}`,
                    'is not taken: pass on what it holds as content, a Buffer or a string');
            }
        }
        // The e-mail in node leaves a Map there; it says nothing that is not in the other members.
        if (get('headers') && !types.isMap(get('headers'))) {
            this.warnings.push(warning(this.language, 'attachment-headers', `${member}.headers`));
        }
        const said = this.saidOf(get, member);
        const sources = ['content', 'blob', 'path'].filter((name) => get(name) !== undefined && get(name) !== null);
        if (sources.length !== 1) {
            this.refuse(member, sources.length === 0
                ? 'has no content; write a Buffer or a string there'
                : `has ${sources.join(' and ')}; exactly one says where the content is`);
        }
        const [source] = sources;
        const at = `${member}.${source}`;
        if (source === 'path') this.addPath(get('path'), at, said);
        else if (source === 'blob') this.addContent(this.blobOf(get('blob'), at), at, said);
        else this.addContent(this.contentOf(get('content'), get('encoding'), member), at, said);
    }

    /** What an attachment says of itself, in both forms. */
    saidOf(get, member) {
        const contentId = this.text(get('content_id') ?? get('cid'), `${member}.cid`);
        return {
            name: this.text(get('name') ?? get('filename'), `${member}.filename`, fileName),
            type: this.text(mediaType(get('type')) ?? get('contentType'), `${member}.contentType`),
            contentId: contentId && contentId.replace(/^<(.*)>$/, '$1'),
        };
    }

    /** A text of an attachment; false and '' say nothing, as in the stock node. */
    text(value, member, change = (text) => text) {
        if (value === undefined || value === null || value === false || value === '') return undefined;
        if (typeof value !== 'string') this.refuse(member, 'must be a string');
        return change(value) || undefined;
    }

    contentOf(content, encoding, member) {
        const bytes = bytesOf(content);
        if (bytes) return bytes;
        if (typeof content !== 'string') this.refuse(`${member}.content`, STREAM);
        if (content.length > this.mostBytes * 2) this.refuse(`${member}.content`, 'is too large');
        if (encoding === undefined || encoding === null || encoding === '') return content;
        if (typeof encoding !== 'string' || !Buffer.isEncoding(encoding)) {
            this.refuse(`${member}.encoding`, 'is none that is known; "base64", "hex" and "utf8" are');
        }
        return Buffer.from(content, encoding);
    }

    /** What a property of msg holds: `blob` is its name, with dots between the steps; or the content itself. */
    blobOf(blob, member) {
        const bytes = bytesOf(blob);
        if (bytes) return bytes;
        if (typeof blob !== 'string' || blob === '' || blob.length > 256) {
            this.refuse(member, 'must be the name of a property of msg, such as "payload"');
        }
        const steps = blob.replace(/^msg\./, '').split('.');
        let at = this.msg;
        for (const step of steps) at = ownValue(at, step, 'msg');
        const content = bytesOf(at) || at;
        if (typeof content !== 'string' && !Buffer.isBuffer(content)) {
            this.refuse(member, `names msg.${steps.join('.')}, which is no Buffer and no string`);
        }
        this.used.add(steps[0]);
        return content;
    }

    addPath(value, member, said) {
        if (typeof value !== 'string' || value === '') this.refuse(member, 'must be the path of a file');
        if (/^\s*[a-z][a-z0-9+.-]+:/i.test(value)) {
            this.refuse(member, 'is an address; only files are read. Pass on the content as a Buffer or a string');
        }
        if (this.roots.length === 0) {
            this.refuse(member, 'names a file, but no folder is open to flows: the administrator lists folders under '
                + 'mailSend.roots in settings.js. Or pass on the content as a Buffer (file in node)');
        }
        this.checkNumber(member);
        this.attachments.push(described({ path: value }, said));
    }
}

function described(attachment, { name, type, contentId }) {
    if (name) attachment.name = name;
    if (type) attachment.type = type;
    if (contentId) attachment.content_id = contentId;
    return attachment;
}

/** The e-mail in node writes `type: "attachment"`, which is no media type. */
function mediaType(type) {
    return typeof type === 'string' && !type.includes('/') ? undefined : type;
}

/** A name without folders. */
function fileName(name) {
    return name.replace(/^.*[\\/]/s, '');
}

/** By the first two bytes, as the stock node does it. */
const SIGNATURES = [[0xff, 0xd8, 'jpg'], [0x47, 0x49, 'gif'], [0x42, 0x4d, 'bmp'], [0x89, 0x50, 'png']];

function extensionOf(bytes) {
    const found = SIGNATURES.find(([first, second]) => bytes[0] === first && bytes[1] === second);
    return found ? found[2] : 'bin';
}

module.exports = { Attachments, extensionOf, fileName };
