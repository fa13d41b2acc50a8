// The small form that asks for an action's own input before it runs.
//
// Guarantees: what was entered last stands there again while the editor is open, in this browser tab only.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const kept = new Map();

    function control(dialog, action, field, id) {
        const {element} = wfcPanel;
        const key = 'action-input.' + action.id + '.' + field.name;
        const placeholder = dialog.word(key + '.placeholder', {}, '');
        if (field.kind === 'options') {
            const entries = wfcPanel.rows.optionEntries(dialog, field.options);
            return wfcPanel.rows.selectOf(element('select', {id}), entries, '');
        }
        if (field.kind === 'select' || field.kind === 'choice') {
            const text = (value) => dialog.word(key + '.enum.' + wfcPanel.keyPart(value), {}, String(value));
            return wfcPanel.rows.selectOf(element('select', {id}), [{id: '', text: dialog.word('panel.select.unset')},
                ...field.values.map((value) => ({id: String(value), text: text(value)}))], '');
        }
        if (field.kind === 'boolean') return element('input', {id, type: 'checkbox', class: 'wfc-check'});
        if (field.multiline || field.kind === 'list' || field.kind === 'json') {
            return element('textarea', {id, rows: 3, class: 'wfc-text', placeholder, spellcheck: 'false'});
        }
        return element('input', {id, type: 'text', placeholder, autocomplete: 'off'});
    }

    function row(dialog, action, field) {
        const {element} = wfcPanel;
        const key = 'action-input.' + action.id + '.' + field.name;
        const id = dialog.prefix + '-wfc-' + action.id + '-' + field.name;
        const input = control(dialog, action, field, id);
        const memory = dialog.panel.type + '/' + action.id + '/' + field.name;
        if (input.type === 'checkbox') input.checked = kept.get(memory) === true;
        else input.value = kept.get(memory) || '';
        const problem = element('div', {class: 'wfc-problem', role: 'alert', hidden: true});
        const help = dialog.word(key + '.help', {}, '');
        const out = element('div', {class: 'form-row wfc-row'},
            element('label', {for: id}, dialog.word(key + '.label', {}, field.name)), input, problem,
            help && element('div', {class: 'wfc-hint'}, help));
        return {out, input, field, problem, memory};
    }

    /** What a person enters. */
    function fieldsOf(action) {
        return action.fields.filter((field) => !field.written);
    }

    /** Fills `place`; `run(input)` gets {field: value} once it can be used. Returns {submit(), focus()}. */
    function open(dialog, action, place, run, close) {
        const {element, button} = wfcPanel;
        const rows = fieldsOf(action).map((field) => row(dialog, action, field));
        const submit = () => {
            const input = {};
            let first = null;
            for (const each of rows) {
                const value = each.input.type === 'checkbox' ? each.input.checked : each.input.value.trim();
                const found = wfcPanel.validators.complaint(each.field, value, false);
                each.problem.hidden = !found;
                each.problem.replaceChildren();
                if (found) each.problem.append(wfcPanel.mark('error'), ' ', dialog.word(found.key, found.params));
                if (found && !first) first = each.input;
                kept.set(each.memory, value);
                if (value !== '') input[each.field.name] = value;
            }
            if (first) return first.focus();
            run(input);
        };
        const label = dialog.word('actions.' + action.id + '.label', {}, action.id);
        const form = element('div', {class: 'wfc-form', role: 'group', 'aria-label': label},
            ...rows.map((each) => each.out),
            element('div', {class: 'wfc-inline wfc-form-buttons'},
                button(dialog.word('panel.action.run'), 'fa-play', submit),
                button(dialog.word('panel.action.close'), '', close)));
        form.addEventListener('keydown', (event) => {
            if (!wfcPanel.isGo(event) || event.target.tagName !== 'INPUT') return;
            event.preventDefault();
            event.stopPropagation();
            submit();
        });
        place.replaceChildren(form);
        return {submit, focus() { rows[0].input.focus(); }};
    }

    wfcPanel.actionForm = {open, fieldsOf};
}());
