// The buttons of a dialog, and one run at a time: what was asked, progress, questions, result.
//
// Guarantees: a dialog that closes ends its run; every end is told in a sentence; a result stays until the next run.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const cancel_ms = 5000;
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

    /** The headline of a result: {mark, key} of a word. */
    function headline(result) {
        const outcome = result.outcome || (result.document || {}).outcome;
        if (outcome === 'succeeded' || outcome === 'accepted') return {mark: 'ok', key: 'panel.action.done'};
        if (outcome === 'cancelled') return {mark: 'skipped', key: 'panel.action.cancelled'};
        if (outcome === 'partial' || outcome === 'unknown') {
            return {mark: 'warning', key: 'ports.' + outcome + '.label'};
        }
        return {mark: 'failed', key: 'panel.error.title'};
    }

    /** Sets up the buttons of a dialog. Returns {refresh(), stop()}. */
    function setUp(dialog) {
        const {element, button} = wfcPanel;
        const bar = dialog.form.querySelector('.wfc-actions');
        const view = dialog.form.querySelector('.wfc-view');
        const actions = actionsOf(dialog.panel, dialog.kind);
        if (!bar || !view || actions.length === 0) return {refresh() {}, stop() {}};
        const buttons = new Map();
        let running = null;
        let shown = null;

        const note = element('p', {class: 'wfc-note'}, dialog.word('panel.action.unsaved'));
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
                made.disabled = running !== null;
                any = any || !hidden;
            }
            note.hidden = !any;
        }

        function press(action) {
            if (running) return;
            dialog.problems.touchAll();
            view.replaceChildren();
            shown = action.id;
            const asks = action.input === 'own' && action.fields.some((field) => field.required);
            if (!asks) return run(action, dialog.kind === 'node' ? null : {}, view);
            const form = element('div', {});
            const rest = element('div', {});
            view.append(form, rest);
            wfcPanel.actionForm.open(dialog, action, form, (input) => {
                rest.replaceChildren();
                run(action, input, rest);
            }, () => {
                view.replaceChildren();
                buttons.get(action.id).focus();
            });
            view.scrollIntoView({block: 'nearest'});
        }

        function run(action, input, place) {
            if (running) return;
            dialog.asked(action, input, (body, notes) => {
                if (dialog.closed || running || shown !== action.id) return;
                running = begin(dialog, action, body, notes, place, () => {
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

    /** One run. `over` is called once. Returns {abort()}. */
    function begin(dialog, action, body, notes, place, over) {
        const {element, button} = wfcPanel;
        const started = Date.now();
        let run = null;
        let ended = false;
        let request = null;
        let answered = false;
        const title = dialog.word('actions.' + action.id + '.label', {}, action.id);
        const status = element('span', {role: 'status', 'aria-live': 'polite'},
            wfcPanel.mark('running'), ' ', dialog.word('panel.action.running'));
        const time = element('span', {class: 'wfc-elapsed'});
        const stop = button(dialog.word('panel.action.cancel'), 'fa-stop', cancel);
        const content = element('div', {class: 'wfc-result'});
        const head = element('div', {class: 'wfc-headline'}, element('strong', {}, title), ' ', status, time, stop);
        place.replaceChildren(head,
            ...notes.map((text) => element('p', {class: 'wfc-note'}, text)), content);
        const prompts = wfcPanel.prompts.start(dialog, content, () => run);
        const inner = element('div', {});
        content.append(inner);
        const view = (wfcPanel.views[action.view] || wfcPanel.views.text)(dialog, inner);
        const clock = setInterval(tick, 1000);
        tick();
        place.scrollIntoView({block: 'nearest'});

        function tick() {
            time.textContent = ' ' + wfcPanel.duration(Date.now() - started, dialog.language, true);
        }

        function finish(kind, text) {
            if (ended) return;
            ended = true;
            clearInterval(clock);
            prompts.clear();
            view.stop();
            stop.remove();
            time.textContent = ' ' + wfcPanel.duration(Date.now() - started, dialog.language);
            status.replaceChildren(wfcPanel.mark(kind), ' ', text);
            over();
            place.scrollIntoView({block: 'nearest'});
        }

        function cancel() {
            stop.disabled = true;
            const give = () => {
                if (ended) return;
                request.abort();
                finish('skipped', dialog.word('panel.action.cancelled'));
            };
            if (run === null) return give();
            wfcPanel.requests.post(dialog.panel.type + '/cancel', {run}, null, give);
            setTimeout(give, cancel_ms);
        }

        function refused(error) {
            const message = String((error && error.message) || '') || dialog.word('panel.error.refused');
            finish('error', message);
            const names = error && Array.isArray(error.fields) ? error.fields : [];
            if (dialog.kind !== 'account' || names.length === 0) return;
            dialog.problems.refuse(names, error.id === 'secret-needed' ? dialog.word('panel.secret.needed') : message);
            wfcPanel.rows.focus(dialog, names[0]);
        }

        request = wfcPanel.requests.stream(dialog.panel.type + '/action', body, {
            line(line) {
                if (line.type === 'started') run = line.run;
                else if (line.type === 'progress') view.progress(line.event);
                else if (line.type === 'prompt') prompts.ask(line.question);
                else if (line.type === 'result') {
                    answered = true;
                    view.finish(line);
                    const head = headline(line);
                    finish(head.mark, dialog.word(head.key));
                } else if (line.type === 'error') {
                    answered = true;
                    refused(line.error);
                }
            },
            done() { if (!answered) finish('error', dialog.word('panel.error.ended')); },
            failed(trouble) { finish('error', wfcPanel.requests.sentence(dialog.word, trouble)); },
        });

        return {abort() {
            clearInterval(clock);
            ended = true;
            request.abort();
        }};
    }

    wfcPanel.actions = {setUp, actionsOf, headline};
}());
