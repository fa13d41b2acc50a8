// An action on what stands in the flow node's dialog, with the account that it names.
//
// Guarantees: what was put in for values that only a message, a subflow or the environment has is named beside it.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const deepest = 10;

    /** The default of a variable of the subflow or flow that a node stands in, or undefined. */
    function variable(node, name) {
        const place = RED.nodes.subflow(node.z) || RED.nodes.workspace(node.z);
        const found = ((place && place.env) || []).find((each) => each.name === name);
        return found && found.value;
    }

    /** {account} that a value of the account's field names, {variable} where the flow decides it, or neither. */
    function accountOf(node, value) {
        let id = value;
        let named = '';
        for (let depth = 0; depth < deepest; ++depth) {
            const found = /^\$\{([^}]+)\}$/.exec(String(id || ''));
            if (!found) break;
            named = found[1];
            id = variable(node, named);
        }
        const account = id && id !== '_ADD_' ? RED.nodes.node(id) : null;
        return account ? {account} : {variable: named};
    }

    /** The sentences beside a result: what stands for something else. */
    function notes(dialog, made) {
        const list = (places) => places.map((each) => wfcPanel.rows.labelOf(dialog, each.name) + ' (' + each.from + ')')
            .join(', ');
        const out = [];
        if (made.examples.length > 0) out.push(dialog.word('panel.preview.examples', {fields: list(made.examples)}));
        if (made.without.length > 0) out.push(dialog.word('panel.preview.without', {fields: list(made.without)}));
        return out;
    }

    /** `send(body, notes)` once the request can be made, else `refuse(sentence)`. */
    function ask(dialog, action, send, refuse) {
        const chosen = document.getElementById('node-input-account');
        const found = accountOf(dialog.node, chosen && chosen.value);
        if (!found.account) {
            return refuse(found.variable ? dialog.word('panel.action.account_elsewhere', {name: found.variable})
                : dialog.word('panel.action.no_account'));
        }
        const account = found.account;
        const examples = {};
        for (const field of dialog.fields) {
            examples[field.name] = dialog.word('input.' + field.name + '.placeholder', {}, '');
        }
        const made = wfcPanel.previewInput.build(dialog.fields, dialog.values(), examples);
        if (made.invalid.length > 0) {
            const {name, key} = made.invalid[0];
            dialog.problems.refuse([name], dialog.word(key));
            wfcPanel.rows.focus(dialog, name);
            return refuse(wfcPanel.rows.labelOf(dialog, name) + ': ' + dialog.word(key));
        }
        const sendWith = (has) => send({action: action.id, input: made.input, language: dialog.language,
            account: wfcPanel.values.ofNode(dialog.panel, account, has, action.view === 'message')},
        notes(dialog, made));
        if (account.credentials) return sendWith(account.credentials);
        $.ajax({url: 'credentials/' + account.type.replace(/\s+/g, '-') + '/' + account.id, dataType: 'json'})
            .done(sendWith).fail(() => sendWith({}));
    }

    wfcPanel.nodeAction = {ask, accountOf};
}());
