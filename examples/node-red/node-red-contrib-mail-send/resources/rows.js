// The rows of a dialog: which are seen, what is read-only because a choice says it, which values may be chosen.
//
// Guarantees: what a row hides keeps its value until a row of a file of options is chosen that does not have the field;
// what a choice shows is never written into a field; no list of choices is blank.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const element = (...given) => wfcPanel.element(...given);

    function rowOf(dialog, name) {
        return dialog.form.querySelector('.wfc-row[data-field="' + CSS.escape(name) + '"]');
    }

    /** The word for a value of a field; the value itself where there is none. */
    function valueText(dialog, name, value) {
        return dialog.word('settings.' + name + '.enum.' + wfcPanel.keyPart(value), {}, String(value));
    }

    /** Below the control of a row, one line of the given kind; made once. */
    function lineBelow(row, kind) {
        const found = row.querySelector(':scope > .wfc-' + kind);
        if (found) return found;
        const made = element('div', {class: 'wfc-' + kind, hidden: true});
        row.append(made);
        return made;
    }

    function say(row, kind, text) {
        const line = lineBelow(row, kind);
        if (line.textContent !== text) line.textContent = text;
        line.hidden = !text;
    }

    /** Options of `entries`, those of a group below its name. */
    function optionsOf(entries) {
        const out = [];
        const groups = new Map();
        for (const each of entries) {
            const option = element('option', {value: each.id}, each.text);
            if (!each.group) {
                out.push(option);
                continue;
            }
            if (!groups.has(each.group)) {
                groups.set(each.group, element('optgroup', {label: each.group}));
                out.push(groups.get(each.group));
            }
            groups.get(each.group).append(option);
        }
        return out;
    }

    /**
     * Makes the input `id` a select of `entries` ([{id, text, group?}]) in place, and chooses `value`; a value that is
     * not among them stays, so that opening a dialog changes nothing.
     */
    function selectOf(input, entries, value) {
        let select = input;
        if (input.tagName !== 'SELECT') {
            select = element('select', {id: input.id, class: input.className});
            input.replaceWith(select);
        }
        const wanted = JSON.stringify(entries);
        if (select.dataset.entries !== wanted) {
            select.dataset.entries = wanted;
            select.replaceChildren(...optionsOf(entries));
        }
        if (value && !entries.some((each) => each.id === String(value))) {
            const kept = [...select.options].some((each) => each.value === String(value));
            if (!kept) select.append(element('option', {value}, String(value)));
        }
        select.value = value === undefined || value === null ? '' : String(value);
        return select;
    }

    /** The choices of a file of options, in the editor's language, group by group. */
    function optionEntries(dialog, file) {
        const table = (dialog.panel.options || {})[file] || {choices: []};
        const groups = (table.groups || []).map((each) => each.id);
        const place = (choice) => (groups.includes(choice.group) ? groups.indexOf(choice.group) : groups.length);
        const nameOf = (group) => {
            const found = (table.groups || []).find((each) => each.id === group);
            return found && wfcPanel.spoken(found.name, dialog.language) || undefined;
        };
        // The sort is stable: within a group the data has its order.
        const entries = [...table.choices].sort((a, b) => place(a) - place(b)).map((each) => (
            {id: each.id, text: wfcPanel.spoken(each.name, dialog.language) || each.id, group: nameOf(each.group)}));
        return [{id: '', text: dialog.word('panel.select.choose')}, ...entries];
    }

    /** What may be chosen for a field by the offers of a choice; the usual one can be left to the component. */
    function offeredEntries(dialog, field, list, usual) {
        const text = (each) => {
            const name = wfcPanel.spoken(each.name, dialog.language);
            const facts = Object.entries(each.shows || {})
                .map(([other, value]) => dialog.word('settings.' + other + '.enum.' + wfcPanel.keyPart(value), {}, ''))
                .filter((word) => word);
            return [name || String(each.id), ...facts].join(' · ');
        };
        const first = list.find((each) => String(each.id) === String(usual)) || list[0];
        return [{id: '', text: dialog.word('panel.select.usual', {value: text(first)})},
            ...list.map((each) => ({id: String(each.id), text: text(each)}))];
    }

    /** Choices that are not offered cannot be chosen; the one that stands stays visible. */
    function restrict(select, list) {
        const ids = list.map((each) => String(each.id));
        for (const option of select.options) {
            const out = option.value !== '' && !ids.includes(option.value);
            option.disabled = out;
            option.hidden = out && option.value !== select.value;
        }
    }

    function applyOffers(dialog, field, preset) {
        const list = preset.offers[field.name];
        const input = wfcPanel.values.inputOf(dialog, field.name);
        if (!input) return;
        if (field.kind === 'choice' || field.kind === 'select') {
            if (list) return restrict(input, list);
            return [...input.options].forEach((option) => { option.disabled = option.hidden = false; });
        }
        if (list) selectOf(input, offeredEntries(dialog, field, list, preset.defaults[field.name]), input.value);
    }

    function applyRow(dialog, field, preset, applying) {
        const row = rowOf(dialog, field.name);
        if (!row) return;
        const fixed = preset.shows[field.name];
        const single = Array.isArray(preset.offers[field.name]) && preset.offers[field.name].length < 2 &&
            field.kind !== 'choice' && field.kind !== 'select';
        applyOffers(dialog, field, preset);
        const input = wfcPanel.values.inputOf(dialog, field.name);
        const hidden = !applying.has(field.name) || preset.absent.has(field.name) ||
            (single && !(input && input.value));
        row.hidden = hidden && fixed === undefined;
        row.classList.toggle('wfc-row-fixed', fixed !== undefined);
        say(row, 'fixed', fixed === undefined ? '' : valueText(dialog, field.name, fixed));
        const locked = preset.locks.has(field.name);
        if (input) {
            if (input.tagName === 'SELECT' || input.type === 'checkbox') input.disabled = locked;
            else input.readOnly = locked;
        }
        const hint = wfcPanel.spoken(preset.hints[field.name], dialog.language);
        const lock = locked || fixed !== undefined ? dialog.word('panel.preset.locked') : '';
        say(row, 'hint', row.hidden ? '' : [fixed === undefined ? lock : '', hint].filter((each) => each).join(' '));
        row.title = fixed === undefined ? '' : lock;
    }

    /** Brings all rows in line with the values as they stand. */
    function apply(dialog) {
        const values = dialog.values();
        const applying = wfcPanel.conditions.shown(dialog.fields, values);
        const preset = wfcPanel.presets.state(dialog.panel, dialog.fields, values);
        for (const field of dialog.fields) applyRow(dialog, field, preset, applying);
        for (const group of dialog.form.querySelectorAll('.wfc-group')) {
            const rows = [...group.querySelectorAll('.wfc-row')];
            group.hidden = rows.length > 0 && rows.every((row) => row.hidden);
        }
    }

    function write(dialog, values) {
        for (const [name, value] of Object.entries(values)) {
            const input = wfcPanel.values.inputOf(dialog, name);
            if (!input) continue;
            if (input.type === 'checkbox') input.checked = value === true || value === 'true';
            else input.value = String(value);
            if (input.tagName !== 'SELECT' || input.selectedIndex >= 0) continue;
            // A list that has no such entry would be blank.
            const text = value === '' ? dialog.word('panel.select.choose') : String(value);
            input.prepend(element('option', {value}, text));
            input.value = String(value);
        }
    }

    /** A list of choices shows what stands in the node, also what it does not know, such as "${NAME}". */
    function keepUnknown(input, value) {
        if (value === undefined || value === null || value === '' || input.value === String(value)) return;
        input.append(element('option', {value}, String(value)));
        input.value = String(value);
    }

    /** Once per dialog, before `apply`. */
    function prepare(dialog) {
        const replaced = {};
        for (const field of dialog.fields) {
            const row = rowOf(dialog, field.name);
            let input = wfcPanel.values.inputOf(dialog, field.name);
            if (!row || !input) continue;
            if (field.kind === 'secret') wfcPanel.storedSecret.conceal(dialog, input);
            if (field.kind === 'select' || field.kind === 'choice') keepUnknown(input, dialog.node[field.name]);
            if (field.kind === 'options') {
                input = selectOf(input, optionEntries(dialog, field.options), dialog.node[field.name]);
                let before = input.value;
                input.addEventListener('change', () => {
                    write(dialog, wfcPanel.presets.writes(dialog.panel, dialog.fields, field, before, dialog.values(),
                        replaced));
                    before = input.value;
                });
                moveUp(dialog, field, row);
            }
            const label = row.querySelector('label');
            if (label && !label.htmlFor) label.htmlFor = input.id;
        }
        write(dialog, wfcPanel.presets.missing(dialog.panel, dialog.fields, dialog.values()));
    }

    /** What a choice shows stands below the choice. */
    function moveUp(dialog, field, row) {
        const table = (dialog.panel.options || {})[field.options];
        const names = new Set(((table && table.choices) || []).flatMap((each) => Object.keys(each.shows || {})));
        const first = [...row.parentElement.querySelectorAll(':scope > .wfc-row')]
            .find((each) => names.has(each.dataset.field));
        if (first && first.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) first.before(row);
    }

    /** Brings the control of a field into view and gives it the focus. */
    function focus(dialog, name) {
        const row = rowOf(dialog, name);
        if (!row) return false;
        const folded = row.closest('details');
        if (folded) folded.open = true;
        const control = [...row.querySelectorAll('input, select, textarea, button')]
            .find((each) => each.offsetParent !== null && !each.disabled);
        row.scrollIntoView({block: 'center'});
        if (control) control.focus();
        return true;
    }

    /** The label of a field as the dialog shows it. */
    function labelOf(dialog, name) {
        const part = dialog.kind === 'account' ? 'settings.' : 'input.';
        return dialog.word(part + name + '.label', {}, name);
    }

    wfcPanel.rows = {prepare, apply, rowOf, focus, labelOf, selectOf, optionEntries};
}());
