// The view `message`: its HTML in a frame without any rights, text, headers, parts, size, and the file itself.
//
// Guarantees: nothing of the message runs, loads or leads anywhere: the frame is sandboxed, its policy forbids to load,
// scripts, forms, frames, drawings, formulas and addresses are taken out before. Pictures of the message itself are
// shown.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
    const banned = 'script, base, meta, link, iframe, frame, frameset, object, embed, applet, portal, template, ' +
        'math, svg, plaintext';
    const addresses = ['href', 'xlink:href', 'action', 'formaction', 'target', 'ping', 'background', 'srcset',
        'poster'];
    const rounds = 12;

    /** Takes out of a document what could act. Returns how many pictures from elsewhere there were. */
    function clean(parsed, pictures) {
        parsed.querySelectorAll(banned).forEach((each) => each.remove());
        // What a form holds is text like any other.
        parsed.querySelectorAll('form').forEach((each) => each.replaceWith(...each.childNodes));
        let outside = 0;
        for (const each of parsed.querySelectorAll('*')) {
            for (const {name, value} of [...each.attributes]) {
                const low = name.toLowerCase();
                if (low === 'href' && each.localName === 'a') each.setAttribute('title', value.slice(0, 500));
                if (low.startsWith('on') || addresses.includes(low)) each.removeAttribute(name);
                if (low !== 'src') continue;
                const id = /^cid:/i.test(value) ? decodeURIComponentSafely(value.slice(4)) : null;
                if (id !== null && pictures.has(id)) each.setAttribute('src', pictures.get(id));
                else if (!/^data:image\//i.test(value)) {
                    each.removeAttribute('src');
                    ++outside;
                }
            }
        }
        return outside;
    }

    /** The text of a clean document, with the rules for its frame before all else. */
    function guarded(parsed) {
        const meta = parsed.createElement('meta');
        meta.setAttribute('http-equiv', 'Content-Security-Policy');
        meta.setAttribute('content', policy);
        const style = parsed.createElement('style');
        style.textContent = 'a, area { pointer-events: none !important; }';
        parsed.head.prepend(meta, style);
        return '<!DOCTYPE html>' + parsed.documentElement.outerHTML;
    }

    /**
     * The document for the frame: {html, outside}. `pictures`: address by content id. What was cleaned is parsed again
     * until that changes nothing, for text that is one thing when it is read first may be another the next time; what
     * does not come to rest is not shown (html is then empty).
     */
    function harmless(html, pictures) {
        let text = html;
        let outside = 0;
        for (let round = 0; round < rounds; ++round) {
            const parsed = new DOMParser().parseFromString(text, 'text/html');
            outside += clean(parsed, pictures);
            const next = '<!DOCTYPE html>' + parsed.documentElement.outerHTML;
            if (next === text) return {html: guarded(parsed), outside};
            text = next;
        }
        return {html: '', outside};
    }

    function decodeURIComponentSafely(text) {
        try {
            return decodeURIComponent(text);
        } catch {
            return text;
        }
    }

    function size(dialog, bytes) {
        if (typeof bytes !== 'number') return '';
        return dialog.word('panel.message.bytes', {count: new Intl.NumberFormat(dialog.language).format(bytes)});
    }

    function frame(dialog, place, parts) {
        const {element} = wfcPanel;
        const html = parts.find((each) => each.type === 'text/html' && !each.attached);
        const text = parts.find((each) => each.type === 'text/plain' && !each.attached);
        if (html) {
            const pictures = new Map(parts.filter((each) => each.contentId && /^image\/[a-z0-9.+-]+$/.test(each.type))
                .map((each) => [each.contentId, wfcPanel.messageParts.dataAddress(each)]));
            const made = harmless(html.text, pictures);
            const shown = made.html === '' ? element('p', {class: 'wfc-note'}, dialog.word('panel.message.not_shown'))
                : element('iframe', {class: 'wfc-frame', sandbox: '', referrerpolicy: 'no-referrer', srcdoc: made.html,
                    title: dialog.word('panel.message.html'), tabindex: '0'});
            place.append(element('h5', {}, dialog.word('panel.message.html')), shown);
            if (made.outside > 0) {
                place.append(element('p', {class: 'wfc-note'}, dialog.word('panel.message.picture_blocked')));
            }
        }
        if (text) {
            place.append(element('h5', {}, dialog.word('panel.message.text')),
                element('pre', {class: 'wfc-plain', tabindex: '0'}, text.text.slice(0, 65536)));
        }
    }

    function table(dialog, headers) {
        const {element} = wfcPanel;
        const lines = headers.slice(0, 200).map((each) => element('tr', {},
            element('th', {scope: 'row'}, String(each.name).slice(0, 200)),
            element('td', {}, wfcPanel.messageParts.words(String(each.value).slice(0, 4096)))));
        return element('table', {class: 'wfc-headers'}, element('tbody', {}, ...lines));
    }

    function partLine(dialog, part) {
        const {element} = wfcPanel;
        const depth = Math.min(Math.max(Number(part.depth) || 0, 0), 8);
        const facts = [wfcPanel.messageParts.words(part.name || ''), part.disposition,
            part.content_id && 'cid:' + part.content_id, part.transfer_encoding, size(dialog, part.size)]
            .filter((each) => each);
        const out = element('li', {'aria-level': depth + 1}, element('strong', {}, String(part.type)), ' ',
            facts.map(String).join(' · '));
        out.style.marginInlineStart = depth * 1.4 + 'em';
        return out;
    }

    function files(dialog, place, given) {
        for (const [name, content] of Object.entries(given || {}).slice(0, 10)) {
            const link = wfcPanel.element('a', {class: 'red-ui-button wfc-button', download: name},
                wfcPanel.element('i', {class: 'fa fa-download', 'aria-hidden': 'true'}), ' ',
                dialog.word('panel.message.save', {name}));
            link.href = URL.createObjectURL(new Blob([String(content)], {type: 'application/octet-stream'}));
            dialog.onClose(() => URL.revokeObjectURL(link.href));
            place.append(link);
        }
    }

    function start(dialog, place) {
        const {element} = wfcPanel;
        return {
            progress() {},
            stop() {},
            finish(result) {
                const document = result.document || {};
                const preview = document.preview;
                if (document.error) place.append(wfcPanel.explained(dialog, document.error, ''));
                if (!preview || typeof preview !== 'object') return;
                const source = Object.values(result.files || {})[0];
                if (source) frame(dialog, place, wfcPanel.messageParts.parts(source));
                if (Array.isArray(preview.headers)) {
                    place.append(element('h5', {}, dialog.word('panel.message.headers')),
                        table(dialog, preview.headers));
                }
                if (Array.isArray(preview.parts)) {
                    const lines = preview.parts.slice(0, 300).map((part) => partLine(dialog, part));
                    place.append(element('h5', {}, dialog.word('panel.message.parts')),
                        element('ul', {class: 'wfc-parts'}, ...lines));
                }
                place.append(element('p', {}, element('strong', {}, dialog.word('panel.message.size')), ' ',
                    size(dialog, preview.size)));
                wfcPanel.warnings(dialog, place, document.warnings);
                files(dialog, place, result.files);
            },
        };
    }

    wfcPanel.views = Object.assign(wfcPanel.views || {}, {message: start});
    wfcPanel.messageView = {harmless};
}());
