// What stands in an open dialog, saved or not, in the form that the action endpoints take.
//
// Guarantees: a secret is sent only if it was typed in this editor and the action needs it; validation gets the
// names alone (`{"stored": true}`). Where nothing was typed, `{"stored": true}` stands for what the runtime keeps.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    // What the editor writes into the input of a credential that is stored.
    const placeholder = '__PWRD__';

    function inputOf(dialog, name) {
        return document.getElementById(dialog.prefix + '-' + name);
    }

    function isSecret(field) {
        return field.kind === 'secret';
    }

    /** The values of the fields of a dialog, by name: strings, and booleans for check boxes. */
    function read(dialog) {
        const out = {};
        for (const field of dialog.fields) {
            const input = isSecret(field) ? null : inputOf(dialog, field.name);
            if (!input) continue;
            out[field.name] = input.type === 'checkbox' ? input.checked : String(input.value);
        }
        return out;
    }

    /** Of one secret: what an endpoint gets, or undefined where there is none. */
    function credential(value, hasStored, namesOnly) {
        if (value === placeholder || (!value && hasStored)) return {stored: true};
        if (!value) return undefined;
        return namesOnly ? {stored: true} : value;
    }

    /** The secrets of an open account's dialog that apply. */
    function credentials(dialog, namesOnly) {
        const applying = wfcPanel.conditions.shown(dialog.fields, read(dialog));
        const out = {};
        for (const field of dialog.fields) {
            const input = isSecret(field) && !field.written && applying.has(field.name) && inputOf(dialog, field.name);
            const value = input && wfcPanel.storedSecret.standing(String(input.value), input.dataset.stored);
            const given = input ? credential(value, false, namesOnly) : undefined;
            if (given !== undefined) out[field.name] = given;
        }
        return out;
    }

    /** The same of an account that is not open: `node` as the editor holds it, `has` as the runtime answers. */
    function ofNode(panel, node, has, namesOnly) {
        const values = {};
        const secrets = {};
        for (const field of panel.settings.fields) {
            if (!isSecret(field)) values[field.name] = node[field.name] === undefined ? '' : node[field.name];
        }
        const applying = wfcPanel.conditions.shown(panel.settings.fields, values);
        for (const field of panel.settings.fields) {
            if (!isSecret(field) || field.written || !applying.has(field.name)) continue;
            const typed = (node.credentials || {})[field.name];
            const given = credential(typed === undefined ? '' : String(typed),
                Boolean((has || {})['has_' + field.name]) && typed === undefined, namesOnly);
            if (given !== undefined) secrets[field.name] = given;
        }
        return {id: node.id, values, credentials: secrets};
    }

    wfcPanel.values = {placeholder, read, credentials, credential, ofNode, inputOf};
}());
