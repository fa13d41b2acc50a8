// The view `report`: a list of steps, each with verdict, time and text, growing as they come; and errors, explained.
//
// Guarantees: all text of servers is text; bounded: 500 rows.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const most = 500;
    const verdicts = ['ok', 'warning', 'failed', 'skipped'];

    const clip = (value) => (typeof value === 'string' ? value.slice(0, 4096) : '');

    /** An error document: title, what was said, cause, steps, who must act, link. `told`: text that stands already. */
    function explained(dialog, error, told) {
        const {element} = wfcPanel;
        if (!error || typeof error !== 'object') return null;
        const said = error.explanation && typeof error.explanation === 'object' ? error.explanation : {};
        const plain = (text) => wfcPanel.problems.labelled(dialog, clip(text), error);
        const title = plain(said.title);
        const given = Array.isArray(said.steps) ? said.steps : [];
        const steps = given.filter((each) => typeof each === 'string').slice(0, 12);
        const out = element('div', {class: 'wfc-explained'});
        if (title && clip(said.title) !== told) out.append(element('div', {class: 'wfc-title'}, title));
        const cause = plain(said.cause);
        if (cause) out.append(element('p', {}, cause));
        if (steps.length > 0) {
            out.append(element('div', {class: 'wfc-steps-title'}, dialog.word('panel.report.steps')),
                element('ol', {class: 'wfc-steps'}, ...steps.map((each) => element('li', {}, plain(each)))));
        }
        if (said.actor) {
            const actor = dialog.word('actor.' + said.actor, {}, String(said.actor));
            out.append(element('p', {class: 'wfc-actor'}, dialog.word('panel.report.who', {actor})));
        }
        if (said.link) out.append(element('p', {}, wfcPanel.link(said.link, said.link)));
        const field = wfcPanel.problems.fieldOf(dialog, error);
        if (field) {
            const label = wfcPanel.rows.labelOf(dialog, field.name);
            out.append(element('p', {}, wfcPanel.problemView.goTo(dialog, field.name,
                dialog.word('panel.problem.go', {label}))));
        }
        // Beside an explanation this is what was said, word for word.
        const message = title ? clip(error.message) : plain(error.message);
        if (message) {
            out.append(element('details', {class: 'wfc-said', open: !title},
                element('summary', {}, dialog.word('panel.report.said')), element('code', {}, message)));
        }
        return out;
    }

    function item(dialog, row) {
        const {element} = wfcPanel;
        const verdict = verdicts.includes(row.verdict) ? row.verdict : 'skipped';
        const text = clip(row.text) || clip(row.error && row.error.message);
        const address = clip(row.address);
        const whole = address && !text.includes(address) ? address + (text ? ': ' + text : '') : text;
        const trouble = (verdict === 'failed' || verdict === 'warning') && row.error;
        return element('li', {class: 'wfc-step wfc-step-' + verdict},
            element('span', {class: 'wfc-verdict'}, wfcPanel.mark(verdict), dialog.word('verdict.' + verdict)),
            element('span', {class: 'wfc-stage'}, dialog.word('stage.' + row.stage, {}, clip(row.stage))),
            element('span', {class: 'wfc-time'}, wfcPanel.duration(row.timing_ms, dialog.language)),
            element('span', {class: 'wfc-text'}, whole),
            trouble && explained(dialog, row.error, text));
    }

    /** Draws into `place`. `progress(event)` as it comes, `finish(result)` at the end. */
    function start(dialog, place) {
        const {element} = wfcPanel;
        const list = element('ol', {class: 'wfc-report'});
        place.append(list);
        let running = null;
        let count = 0;

        function drop() {
            if (running) running.remove();
            running = null;
        }

        function progress(event) {
            if (!event || typeof event !== 'object') return;
            drop();
            if (event.row && typeof event.row === 'object') {
                if (count++ < most) list.append(item(dialog, event.row));
            } else if (typeof event.stage === 'string') {
                running = element('li', {class: 'wfc-step wfc-step-running'},
                    element('span', {class: 'wfc-verdict'}, wfcPanel.mark('running')),
                    element('span', {class: 'wfc-stage'}, dialog.word('stage.' + event.stage, {}, clip(event.stage))));
                list.append(running);
            }
        }

        function finish(result) {
            drop();
            const document = result.document || {};
            const rows = Array.isArray(document.report) ? document.report.filter((row) => row).slice(0, most) : null;
            if (rows) list.replaceChildren(...rows.map((row) => item(dialog, row)));
            const error = document.error;
            const inRows = rows && error && rows.some((row) => row.error && row.error.id === error.id);
            if (error && !inRows) place.append(explained(dialog, error, ''));
            warnings(dialog, place, document.warnings);
            if (list.children.length === 0) list.remove();
        }

        return {progress, finish, stop: drop};
    }

    /** The warnings of a result, each a sentence. */
    function warnings(dialog, place, given) {
        const texts = (Array.isArray(given) ? given : []).map((each) => clip(typeof each === 'string' ? each
            : each && each.message)).filter((each) => each);
        for (const text of new Set(texts.slice(0, 50))) {
            place.append(wfcPanel.element('p', {class: 'wfc-warning'}, wfcPanel.mark('warning'),
                wfcPanel.element('span', {class: 'wfc-severity'}, dialog.word('panel.severity.warning')), ' ', text));
        }
    }

    wfcPanel.views = Object.assign(wfcPanel.views || {}, {report: start});
    Object.assign(wfcPanel, {explained, warnings});
}());
