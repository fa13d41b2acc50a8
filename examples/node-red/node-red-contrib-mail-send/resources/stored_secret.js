// A stored secret of several lines, whose box would show the editor's mark for "it is stored": kept, changed, removed.
//
// Guarantees: what is stored goes only when somebody presses "Remove"; an empty box after "Change" keeps it.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** What a secret's control stands for: `mode` is "keep", "change" or "remove", or undefined for a plain input. */
    function standing(value, mode) {
        if (mode === undefined) return value;
        if (mode === 'remove') return '';
        return mode === 'keep' || value.trim() === '' ? wfcPanel.values.placeholder : value;
    }

    /** Replaces the box of a secret that is stored by words and buttons. */
    function conceal(dialog, input) {
        if (input.tagName !== 'TEXTAREA' || input.value !== wfcPanel.values.placeholder) return;
        const {element, button} = wfcPanel;
        const line = element('div', {class: 'wfc-inline wfc-stored'});
        input.before(line);
        input.value = '';

        function turn(mode, focus) {
            input.dataset.stored = mode;
            if (mode !== 'change') input.value = '';
            input.hidden = mode !== 'change';
            const to = (next, word, icon) => button(dialog.word(word), icon, () => turn(next, true));
            const said = {keep: 'panel.secret.stored', change: 'panel.secret.changing', remove: 'panel.secret.removed'};
            const buttons = mode === 'keep' ? [to('change', 'panel.secret.change', 'fa-pencil'),
                to('remove', 'panel.secret.remove', 'fa-trash')] : [to('keep', 'panel.secret.keep', 'fa-undo')];
            line.replaceChildren(element('span', {role: 'status'}, dialog.word(said[mode])), ...buttons);
            if (focus) (mode === 'change' ? input : buttons[0]).focus();
            if (focus) input.dispatchEvent(new Event('change', {bubbles: true}));
        }
        turn('keep', false);
    }

    /** Puts into the controls what Node-RED is to read from them: its mark keeps what is stored. */
    function save(dialog) {
        for (const field of dialog.fields) {
            const input = field.kind === 'secret' && wfcPanel.values.inputOf(dialog, field.name);
            if (input && input.dataset.stored) input.value = standing(input.value, input.dataset.stored);
        }
    }

    wfcPanel.storedSecret = {conceal, standing, save};
}());
