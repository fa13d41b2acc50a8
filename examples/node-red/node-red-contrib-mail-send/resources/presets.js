// What a choice from a file of options (`kind: "options"`) does to other fields: shows, offers, fills, locks, hints.
//
// Guarantees: pure functions of the table and the values; `shows` is only ever displayed and never a field's value.
// Knows nothing of the DOM.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** The table and the choice that stand in an options field; null where nothing known is chosen. */
    function chosen(panel, field, values) {
        const table = (panel.options || {})[field.options];
        const choice = table && table.choices.find((each) => each.id === values[field.name]);
        return choice ? {table, choice} : null;
    }

    /** What counts of an offered list: the value, the usual one, or the first. */
    function picked(choice, name, values) {
        const list = choice.offers[name];
        const usual = (choice.defaults || {})[name];
        const wanted = [values[name], usual].filter((each) => each !== undefined && each !== '').map(String);
        for (const id of wanted) {
            const found = list.find((each) => String(each.id) === id);
            if (found) return found;
        }
        return list[0];
    }

    /** "{field}" stands for what that field holds or would hold. */
    function completed(text, fields, values) {
        if (typeof text !== 'string') return text;
        let whole = '';
        const out = text.replace(/\{([a-z0-9_]+)\}/g, (_, name) => {
            const value = fields.some((each) => each.name === name) ? String(values[name] || '') : '';
            // Who enters the whole of it instead of the part is taken at his word.
            if (value.includes('.')) whole = value;
            return value || '…';
        });
        return whole || out;
    }

    /**
     * What stands with the values: `{shows: {field: value}, offers: {field: [entry…]}, defaults: {field: id},
     * absent: Set of fields that the choice does not have, locks: Set, hints: {field: texts by language}}`.
     */
    function state(panel, fields, values) {
        const out = {shows: {}, offers: {}, defaults: {}, absent: new Set(), locks: new Set(), hints: {}};
        const applying = wfcPanel.conditions.shown(fields, values);
        for (const field of fields) {
            if (field.kind !== 'options' || !applying.has(field.name)) continue;
            const found = chosen(panel, field, values);
            if (!found) {
                const table = (panel.options || {})[field.options];
                for (const name of (table && table.offers) || []) {
                    // Without a choice nothing says what may be entered in the fields that only follow from it.
                    if (applying.has(name) && sameObject(fields, field.name, name)) out.absent.add(name);
                }
                continue;
            }
            const {table, choice} = found;
            const offers = choice.offers || {};
            Object.assign(out.shows, choice.shows);
            for (const name of table.offers || []) {
                if (offers[name] === undefined) {
                    out.absent.add(name);
                } else if (Array.isArray(offers[name])) {
                    out.offers[name] = offers[name];
                    Object.assign(out.shows, picked(choice, name, values).shows);
                }
            }
            Object.assign(out.defaults, choice.defaults);
            Object.assign(out.hints, choice.hints);
            for (const name of choice.locks || []) out.locks.add(name);
        }
        for (const [name, text] of Object.entries(out.shows)) out.shows[name] = completed(text, fields, values);
        return out;
    }

    function sameObject(fields, a, b) {
        const parent = (name) => {
            const pointer = (fields.find((each) => each.name === name) || {pointer: ''}).pointer;
            return pointer.slice(0, pointer.lastIndexOf('/'));
        };
        return parent(a) === parent(b);
    }

    /**
     * What choosing writes: `{field: value}`. What the choice before had filled in and locked is taken back, and
     * what the new one does not offer becomes its first offer or nothing.
     */
    function writes(panel, fields, field, before, values) {
        const out = {};
        const old = chosen(panel, field, {[field.name]: before});
        for (const name of (old && old.choice.locks) || []) {
            if (values[name] === (old.choice.fills || {})[name]) out[name] = '';
        }
        const now = chosen(panel, field, values);
        if (!now) return out;
        for (const [name, list] of Object.entries(now.choice.offers || {})) {
            if (!Array.isArray(list)) continue;
            const target = fields.find((each) => each.name === name);
            const value = target ? wfcPanel.conditions.effective(target, values) : '';
            if (list.some((each) => String(each.id) === value)) continue;
            out[name] = target && target.kind === 'choice' ? String(list[0].id) : '';
        }
        return Object.assign(out, now.choice.fills);
    }

    wfcPanel.presets = {chosen, state, writes};
}());
