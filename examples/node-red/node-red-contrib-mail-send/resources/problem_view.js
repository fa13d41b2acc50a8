// Shows problems beside their fields and as a list.
//
// Guarantees: an empty field is only marked after somebody was there; the list is announced when it changes and not
// otherwise; severity is told by icon, word and colour.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    function markRow(dialog, name, problem) {
        const row = wfcPanel.rows.rowOf(dialog, name);
        if (!row) return;
        const input = wfcPanel.values.inputOf(dialog, name);
        let line = row.querySelector(':scope > .wfc-problem');
        if (!line) {
            line = wfcPanel.element('div', {class: 'wfc-problem', id: dialog.prefix + '-' + name + '-problem'});
            row.append(line);
        }
        row.classList.toggle('wfc-row-error', Boolean(problem) && problem.severity !== 'warning');
        row.classList.toggle('wfc-row-warning', Boolean(problem) && problem.severity === 'warning');
        line.hidden = !problem;
        if (problem) line.replaceChildren(wfcPanel.mark(problem.severity), ' ', problem.text);
        else line.replaceChildren();
        if (!input) return;
        if (problem) input.setAttribute('aria-describedby', line.id);
        else input.removeAttribute('aria-describedby');
        if (problem && problem.severity !== 'warning') input.setAttribute('aria-invalid', 'true');
        else input.removeAttribute('aria-invalid');
    }

    function goTo(dialog, name, text) {
        const out = wfcPanel.element('button', {type: 'button', class: 'wfc-go'}, text);
        out.addEventListener('click', () => wfcPanel.rows.focus(dialog, name));
        return out;
    }

    function item(dialog, problem) {
        const label = problem.name ? wfcPanel.rows.labelOf(dialog, problem.name) : '';
        return wfcPanel.element('li', {class: 'wfc-problem-item'},
            wfcPanel.mark(problem.severity),
            wfcPanel.element('span', {class: 'wfc-severity'}, dialog.word('panel.severity.' + problem.severity)), ' ',
            problem.name && goTo(dialog, problem.name, label), problem.name && ' ',
            wfcPanel.element('span', {},
                problem.text.startsWith(label) ? problem.text.slice(label.length).trim() : problem.text));
    }

    /** `problems`: [{name or null, severity, missing, text}]; `touched`: names of fields that were changed. */
    function draw(dialog, problems, touched) {
        for (const field of dialog.fields) {
            const found = problems.find((each) => (
                each.name === field.name && (!each.missing || touched.has(field.name))));
            markRow(dialog, field.name, found || null);
        }
        const place = dialog.form.querySelector('.wfc-problems');
        if (!place) return;
        const key = JSON.stringify(problems);
        if (place.dataset.shown === key) return;
        place.dataset.shown = key;
        place.setAttribute('aria-live', 'polite');
        const missing = problems.filter((each) => each.missing);
        const rest = problems.filter((each) => !each.missing);
        place.hidden = problems.length === 0;
        place.replaceChildren();
        if (rest.length > 0) {
            place.append(wfcPanel.element('div', {class: 'wfc-problems-title'}, dialog.word('panel.problem.title')),
                wfcPanel.element('ul', {}, ...rest.map((each) => item(dialog, each))));
        }
        if (missing.length > 0) {
            const names = missing.flatMap((each) => [
                ' ', goTo(dialog, each.name, wfcPanel.rows.labelOf(dialog, each.name))]);
            place.append(wfcPanel.element('div', {class: 'wfc-missing'}, wfcPanel.mark('missing'),
                dialog.word('panel.problem.missing'), ...names));
        }
    }

    wfcPanel.problemView = {draw, goTo};
}());
