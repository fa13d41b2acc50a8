// Questions of a running action to the person: a page to open, an address to paste, a code to type.
//
// Guarantees: only addresses of the web are opened, without access to this window; all that is shown is text.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** Opens a page in a window of its own; false where the browser does not let us. */
    function open(address) {
        if (!/^https?:\/\//i.test(String(address))) return false;
        const opened = window.open('', '_blank');
        if (!opened) return false;
        opened.opener = null;
        opened.location.href = address;
        return true;
    }

    function minutes(seconds) {
        return typeof seconds === 'number' && seconds > 0 ? Math.max(1, Math.round(seconds / 60)) : 0;
    }

    function pasteRow(dialog, run) {
        const {element} = wfcPanel;
        const id = dialog.prefix + '-wfc-pasted';
        const input = element('input', {
            id, type: 'text', class: 'wfc-pasted', autocomplete: 'off', spellcheck: 'false'});
        const complaint = element('div', {class: 'wfc-problem', role: 'alert', hidden: true});
        const send = () => {
            if (input.value.trim() === '') return input.focus();
            complaint.hidden = true;
            wfcPanel.requests.post(dialog.panel.type + '/answer', {run: run(), pasted: input.value.trim()},
                (answer) => { if (!answer.known) complain(dialog.word('panel.account.too_late')); },
                (trouble) => complain(wfcPanel.requests.sentence(dialog.word, trouble)));
        };
        const complain = (text) => {
            complaint.replaceChildren(wfcPanel.mark('error'), ' ', text);
            complaint.hidden = false;
            input.focus();
            complaint.scrollIntoView({block: 'nearest'});
        };
        input.addEventListener('keydown', (event) => {
            if (!wfcPanel.isGo(event)) return;
            event.preventDefault();
            event.stopPropagation();
            send();
        });
        const row = element('div', {class: 'wfc-paste'},
            element('label', {for: id}, dialog.word('panel.account.paste')),
            element('div', {class: 'wfc-inline'}, input,
                wfcPanel.button(dialog.word('panel.account.paste_send'), 'fa-check', send)), complaint);
        return {row, complain};
    }

    /** Shows questions in `place`; `run()` gives the run's name. Returns {ask(question), clear(), contains(node)}. */
    function start(dialog, place, run) {
        const {element} = wfcPanel;
        const area = element('div', {class: 'wfc-prompt', hidden: true});
        place.append(area);
        let paste = null;

        function page(question, blocked) {
            const button = wfcPanel.button(dialog.word('panel.account.open'), 'fa-external-link',
                () => open(question.complete_url || question.url));
            const out = [element('p', {}, element('strong', {}, dialog.word('panel.account.waiting')))];
            if (blocked) out.push(element('p', {class: 'wfc-warning'}, wfcPanel.mark('warning'), ' ',
                dialog.word('panel.account.popup_blocked')));
            out.push(element('p', {}, button, ' ', wfcPanel.link(question.complete_url || question.url,
                dialog.word('panel.account.link'))));
            return out;
        }

        function ask(question) {
            if (!question || typeof question !== 'object') return;
            if (question.kind === 'complaint') {
                if (paste) paste.complain(String(question.text || question.problem || '').slice(0, 1000));
                return;
            }
            if (question.kind === 'done') return clear();
            if (question.kind !== 'url' && question.kind !== 'code') return;
            const content = page(question, !open(question.complete_url || question.url));
            if (question.kind === 'code') {
                const left = minutes(question.expires_in_s);
                content.push(element('p', {}, dialog.word('panel.account.code')),
                    element('p', {class: 'wfc-code'}, String(question.user_code || '').slice(0, 100)));
                if (!question.complete_url) content.push(element('p', {}, String(question.url).slice(0, 500)));
                if (left) content.push(element('p', {class: 'wfc-note'},
                    dialog.word('panel.account.code_expires', {minutes: left})));
            }
            paste = question.kind === 'url' && question.paste !== false ? pasteRow(dialog, run) : null;
            if (paste) content.push(paste.row);
            area.replaceChildren(...content);
            area.hidden = false;
            area.scrollIntoView({block: 'nearest'});
        }

        function clear() {
            area.replaceChildren();
            area.hidden = true;
            paste = null;
        }

        return {ask, clear, contains: (node) => area.contains(node)};
    }

    wfcPanel.prompts = {start};
}());
