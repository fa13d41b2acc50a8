// Reads a message in the form of RFC 5322 and MIME, as an action with the view `message` hands it over, for display.
//
// Guarantees: bounded (depth, parts); what cannot be read is left out. Decides nothing: it only shows what was made.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const deepest = 16;
    const most = 300;

    function decodedBytes(bytes, charset) {
        try {
            return new TextDecoder(charset || 'utf-8').decode(bytes);
        } catch {
            return new TextDecoder('utf-8').decode(bytes);
        }
    }

    const bytesOf = (binary) => Uint8Array.from(binary, (char) => char.charCodeAt(0) & 0xff);

    function fromBase64(text) {
        try {
            return bytesOf(atob(text.replace(/[^A-Za-z0-9+/=]/g, '')));
        } catch {
            return new Uint8Array(0);
        }
    }

    function fromQuoted(text) {
        const soft = text.replace(/[ \t]+(\r?\n)/g, '$1').replace(/=\r?\n/g, '');
        const out = [];
        for (let at = 0; at < soft.length; ++at) {
            const hex = soft[at] === '=' ? soft.slice(at + 1, at + 3) : '';
            if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
                out.push(parseInt(hex, 16));
                at += 2;
            } else {
                out.push(...new TextEncoder().encode(soft[at]));
            }
        }
        return Uint8Array.from(out);
    }

    /** "=?UTF-8?B?…?=" and "=?…?Q?…?=" as text; everything else stays. */
    function words(text) {
        const joined = String(text).replace(/(\?=)\s+(=\?)/g, '$1$2');
        const encoded = /=\?([A-Za-z0-9._-]{1,40})(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g;
        return joined.replace(encoded, (_, charset, how, data) => {
            const bytes = how.toUpperCase() === 'B' ? fromBase64(data) : fromQuoted(data.replace(/_/g, ' '));
            return decodedBytes(bytes, charset);
        });
    }

    function headersOf(block) {
        return block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/).filter((line) => line.includes(':'))
            .map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]);
    }

    function headerOf(headers, name) {
        const found = headers.find(([each]) => each.toLowerCase() === name);
        return found ? found[1] : '';
    }

    function parameter(value, name) {
        const found = new RegExp(';\\s*' + name + '\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))', 'i').exec(value);
        return found ? found[1] || found[2] || '' : '';
    }

    function read(text, depth, out) {
        const end = /\r?\n\r?\n/.exec(text);
        const headers = headersOf(end ? text.slice(0, end.index) : text);
        const body = end ? text.slice(end.index + end[0].length) : '';
        const given = headerOf(headers, 'content-type') || 'text/plain';
        const type = given.split(';')[0].trim().toLowerCase();
        const boundary = parameter(given, 'boundary');
        if (out.length >= most) return;
        if (type.startsWith('multipart/') && boundary && depth < deepest) {
            const parts = ('\n' + body).split('\n--' + boundary).slice(1);
            for (const part of parts) {
                if (part.startsWith('--')) break;
                read(part.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''), depth + 1, out);
            }
            return;
        }
        const encoding = headerOf(headers, 'content-transfer-encoding').trim().toLowerCase();
        const bytes = encoding === 'base64' ? fromBase64(body)
            : encoding === 'quoted-printable' ? fromQuoted(body) : new TextEncoder().encode(body);
        const charset = /base64|quoted/.test(encoding) ? parameter(given, 'charset') : 'utf-8';
        out.push({
            type, bytes,
            text: type.startsWith('text/') ? decodedBytes(bytes, charset) : '',
            contentId: headerOf(headers, 'content-id').replace(/^<|>$/g, ''),
            attached: /^\s*attachment/i.test(headerOf(headers, 'content-disposition')),
        });
    }

    /** The leaves of a message: [{type, bytes, text, contentId, attached}]. */
    function parts(message) {
        const out = [];
        read(String(message || ''), 0, out);
        return out;
    }

    function dataAddress(part) {
        let binary = '';
        for (const byte of part.bytes) binary += String.fromCharCode(byte);
        return 'data:' + part.type + ';base64,' + btoa(binary);
    }

    wfcPanel.messageParts = {parts, words, dataAddress};
}());
