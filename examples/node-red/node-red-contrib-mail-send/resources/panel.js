// Registers the two nodes of a component with the editor and runs their dialogs.
//
// `wfcPanel.of(panel).registerType(type, definition)` takes panel.json and a node's definition, as generated.
// Guarantees: knows nothing of any component; several components may register; a closed dialog leaves nothing running.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const open = wfcPanel.dialogs ? wfcPanel.dialogs.open : new Map();
    const registered = wfcPanel.registered || new Map();

    /** What both dialogs have in common; `node` is the edited node as the editor holds it. */
    function dialogOf(panel, kind, definition, node) {
        const table = kind === 'account' ? panel.settings : panel.input;
        const closers = [];
        return {
            panel, kind, node, fields: table.fields, groups: table.groups, closed: false,
            prefix: kind === 'account' ? 'node-config-input' : 'node-input',
            form: document.getElementById(kind === 'account' ? 'node-config-dialog-edit-form' : 'dialog-form'),
            word: wfcPanel.words(definition), language: wfcPanel.language(panel.languages),
            onClose(close) { closers.push(close); },
            close() {
                this.closed = true;
                closers.splice(0).forEach((each) => each());
            },
        };
    }

    function begin(dialog) {
        const previous = open.get(dialog.node.id);
        if (previous) previous.close();
        open.set(dialog.node.id, dialog);
        dialog.form.classList.add('wfc-dialog');
        // Words of Japanese are kept together only where the language is known.
        dialog.form.lang = dialog.language;
        dialog.problems = wfcPanel.problems.watch(dialog);
        dialog.actions = wfcPanel.actions.setUp(dialog);
        dialog.onClose(() => {
            dialog.problems.stop();
            dialog.actions.stop();
            open.delete(dialog.node.id);
        });
        const nameOf = (event) => {
            const row = event.target.closest && event.target.closest('.wfc-row[data-field]');
            return row ? row.dataset.field : null;
        };
        $(dialog.form).on('input.wfc change.wfc', (event, quiet) => {
            // The editor triggers each field once when a dialog opens.
            if (quiet === true || !nameOf(event)) return;
            dialog.refresh(nameOf(event));
        });
        $(dialog.form).on('focusout.wfc', (event) => {
            const name = nameOf(event);
            if (name && event.target.id === dialog.prefix + '-' + name) dialog.problems.touch(name);
        });
        dialog.onClose(() => $(dialog.form).off('.wfc'));
        dialog.refresh(null);
    }

    function openAccount(panel, definition, node) {
        const dialog = dialogOf(panel, 'account', definition, node);
        dialog.values = () => wfcPanel.values.read(dialog);
        dialog.secretNames = () => wfcPanel.values.credentials(dialog, true);
        dialog.save = () => wfcPanel.storedSecret.save(dialog);
        dialog.refresh = (name) => {
            wfcPanel.rows.apply(dialog);
            dialog.actions.refresh();
            dialog.problems.refresh(name);
        };
        dialog.asked = (action, input, send) => {
            const body = {action: action.id, input, language: dialog.language};
            if (action.settings !== 'optional') {
                body.account = {id: node.id, values: dialog.values(),
                    credentials: wfcPanel.values.credentials(dialog, action.view === 'message')};
            }
            send(body, []);
        };
        wfcPanel.rows.prepare(dialog);
        begin(dialog);
    }

    function openNode(panel, definition, node) {
        const dialog = dialogOf(panel, 'node', definition, node);
        const typed = [...panel.input.fields, {name: 'call_id', pointer: '/call_id', kind: 'text'}];
        const expressions = wfcPanel.expressions.prepare(dialog, typed);
        dialog.values = () => expressions.read();
        dialog.secretNames = () => ({});
        dialog.refresh = (name) => {
            dialog.actions.refresh();
            dialog.problems.refresh(name);
        };
        dialog.save = () => expressions.save();
        dialog.asked = (action, input, send, refuse) => wfcPanel.nodeAction.ask(dialog, action, send, refuse);
        begin(dialog);
    }

    function closing(also) {
        return function () {
            const dialog = open.get(this.id);
            if (!dialog) return;
            if (also) also(dialog);
            dialog.close();
        };
    }

    /** What a panel's two types are registered with, each once: registerType(type, definition). */
    function of(panel) {
        const tables = {[panel.account]: panel.settings, [panel.node]: panel.input};
        return {registerType(type, definition) {
            registered.set(type, {panel, fields: tables[type].fields});
            const isAccount = type === panel.account;
            // A new account speaks the language of who makes it.
            if (isAccount && definition.defaults.language) {
                definition.defaults.language.value = wfcPanel.language(panel.languages);
            }
            const edit = isAccount ? openAccount : openNode;
            RED.nodes.registerType(type, Object.assign(definition, {
                oneditprepare() { edit(panel, definition, this); },
                oneditsave: closing((dialog) => dialog.save()),
                oneditcancel: closing(), oneditdelete: closing(),
            }));
        }};
    }

    Object.assign(wfcPanel, {of, registered, dialogs: {open, of: (id) => open.get(id)}});
}());
