// The buttons of a dialog, and one run at a time (action_run.js).
//
// Guarantees: a dialog that closes ends its run; a result stays until the next run; a button that cannot be pressed now
// keeps the focus, and says why where that does not pass.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const icons = {report: 'fa-stethoscope', account: 'fa-user', message: 'fa-eye', text: 'fa-life-ring'};

    /** What a dialog has buttons for: in the node's, actions on the operation's input; in the account's, the others. */
    function actionsOf(panel, kind) {
        return panel.actions.filter((each) => each.id !== 'validate' &&
            (each.input === 'operation') === (kind === 'node'));
    }

    function iconOf(action) {
        if (action.effects !== 'none') return 'fa-paper-plane';
        return action.prompts ? 'fa-sign-in' : icons[action.view] || 'fa-play';
    }

    /** Sets up the buttons of a dialog. Returns {refresh(), stop()}. */
    function setUp(dialog) {
        const {element, button} = wfcPanel;
        const allowed = wfcPanel.requests.permitted(dialog.panel.type);
        const bar = dialog.form.querySelector('.wfc-actions');
        const view = dialog.form.querySelector('.wfc-view');
        const actions = actionsOf(dialog.panel, dialog.kind);
        if (!bar || !view || actions.length === 0) return {refresh() {}, stop() {}};
        const buttons = new Map();
        let running = null;
        let shown = null;

        const word = allowed ? 'panel.action.unsaved' : 'panel.error.forbidden';
        const note = element('p', {class: 'wfc-note'}, dialog.word(word));
        for (const action of actions) {
            const label = dialog.word('actions.' + action.id + '.label', {}, action.id);
            const made = button(label, iconOf(action), () => press(action));
            made.dataset.action = action.id;
            made.title = dialog.word('actions.' + action.id + '.help', {}, '');
            buttons.set(action.id, made);
            bar.append(made);
        }
        bar.setAttribute('role', 'group');
        bar.after(note);

        function refresh() {
            const values = dialog.kind === 'account' ? dialog.values() : {};
            let any = false;
            for (const action of actions) {
                const hidden = dialog.kind === 'account' &&
                    !wfcPanel.conditions.holds(action.shown, dialog.fields, values);
                const made = buttons.get(action.id);
                made.hidden = hidden;
                made.setAttribute('aria-disabled', String(running !== null || !allowed));
                any = any || !hidden;
            }
            note.hidden = !any;
        }

        function press(action) {
            if (running || !allowed) return;
            dialog.problems.touchAll();
            view.replaceChildren();
            shown = action.id;
            const fields = action.input === 'own' ? wfcPanel.actionForm.fieldsOf(action) : [];
            if (fields.length === 0) return run(action, dialog.kind === 'node' ? null : {}, view);
            const form = element('div', {});
            const rest = element('div', {});
            view.append(form, rest);
            const opened = wfcPanel.actionForm.open(dialog, action, form, (input) => {
                if (running) return;
                rest.replaceChildren();
                run(action, input, rest);
            }, () => {
                if (running) return;  // its end is told here
                view.replaceChildren();
                buttons.get(action.id).focus();
            });
            view.scrollIntoView({block: 'nearest'});
            // What may stay empty keeps nobody from the result: the form stands there for another run.
            if (!fields.some((field) => field.required)) opened.submit();
            else opened.focus();
        }

        function run(action, input, place) {
            if (running) return;
            dialog.asked(action, input, (body, notes) => {
                if (dialog.closed || running || shown !== action.id) return;
                running = wfcPanel.actionRun.begin(dialog, action, body, notes, place, () => {
                    running = null;
                    refresh();
                });
                refresh();
            }, (text) => {
                place.replaceChildren(element('p', {class: 'wfc-headline', role: 'alert'},
                    wfcPanel.mark('error'), ' ', text));
            });
        }

        return {refresh, stop() { if (running) running.abort(); }};
    }

    wfcPanel.actions = {setUp, actionsOf};
}());
