// One run of an action: what was asked, progress, questions, result.
//
// Guarantees: every end is told in a sentence, and that nobody knows whether something was done where nobody does; what
// has the focus goes only after another place has got it.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const cancel_ms = 5000;

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

    /** The headline of a run that was left without a result: of an action with effects it may have been done. */
    function abandoned(action) {
        return action.effects === 'none' ? {mark: 'skipped', key: 'panel.action.cancelled'}
            : {mark: 'warning', key: 'panel.action.abandoned'};
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
        const head = element('div', {class: 'wfc-headline', tabindex: '-1'},
            element('strong', {}, title), ' ', status, time, stop);
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
            if (stop.contains(document.activeElement) || prompts.contains(document.activeElement)) head.focus();
            prompts.clear();
            view.stop();
            stop.remove();
            time.textContent = ' ' + wfcPanel.duration(Date.now() - started, dialog.language);
            status.replaceChildren(wfcPanel.mark(kind), ' ', text);
            over();
            place.scrollIntoView({block: 'nearest'});
        }

        function cancel() {
            if (stop.getAttribute('aria-disabled') === 'true') return;
            stop.setAttribute('aria-disabled', 'true');
            const give = () => {
                if (ended) return;
                request.abort();
                const head = abandoned(action);
                finish(head.mark, dialog.word(head.key));
            };
            if (run === null) return give();
            wfcPanel.requests.post(dialog.panel.type + '/cancel', {run}, null, give);
            setTimeout(give, cancel_ms);
        }

        /** The end of a run whose answer did not come. */
        function lost(text) {
            const open = run !== null && action.effects !== 'none';
            finish('error', open ? text + ' ' + dialog.word('panel.action.not_known') : text);
        }

        function refused(error) {
            const message = String((error && error.message) || '') || dialog.word('panel.error.refused');
            finish('error', message);
            const names = error && Array.isArray(error.fields) ? error.fields : [];
            if (dialog.kind !== 'account' || names.length === 0) return;
            dialog.problems.refuse(names, error.id === 'secret-needed' ? dialog.word('panel.secret.needed') : message);
            wfcPanel.rows.focus(dialog, names[0]);
        }

        function result(line) {
            view.finish(line);
            const head = headline(line);
            finish(head.mark, dialog.word(head.key));
            const error = (line.document || {}).error;
            const field = wfcPanel.problems.fieldOf(dialog, error);
            const said = field && error.explanation && error.explanation.title;
            if (field) dialog.problems.refuse([field.name], String(said || dialog.word('panel.error.title')));
        }

        request = wfcPanel.requests.stream(dialog.panel.type + '/action', body, {
            line(line) {
                if (line.type === 'started') run = line.run;
                else if (line.type === 'progress') view.progress(line.event);
                else if (line.type === 'prompt') prompts.ask(line.question);
                else if (line.type === 'result') {
                    answered = true;
                    result(line);
                } else if (line.type === 'error') {
                    answered = true;
                    refused(line.error);
                }
            },
            done() { if (!answered) lost(dialog.word('panel.error.ended')); },
            failed(trouble) { lost(wfcPanel.requests.sentence(dialog.word, trouble)); },
        });

        return {abort() {
            clearInterval(clock);
            ended = true;
            request.abort();
        }};
    }

    wfcPanel.actionRun = {begin, headline, abandoned};
}());
