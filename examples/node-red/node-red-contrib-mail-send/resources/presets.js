// What a choice from a file of options (`kind: "options"`) does to other fields: shows, offers, fills, locks, hints.
//
// Guarantees: pure functions of the table and the values; `shows` is only ever displayed and never a field's value.
// Knows nothing of the DOM.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** The table and the choice that stand in an options field; null where nothing known is chosen. */
    function chosen(panel, field, values) {
        const table = Object.hasOwn(panel.options || {}, field.options) ? panel.options[field.options] : null;
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
        const none = () => Object.create(null);
        const out = {
            shows: none(), offers: none(), defaults: none(), absent: new Set(), locks: new Set(), hints: none()};
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
                if (!Object.hasOwn(offers, name)) {
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

    /** What a field holds that nobody filled in: what decides over other fields always is one of its values. */
    function unset(field) {
        if (!field || (field.kind !== 'select' && field.kind !== 'choice')) return '';
        if (field.default !== undefined) return String(field.default);
        return field.kind === 'choice' && field.required && field.values ? String(field.values[0]) : '';
    }

    /** What a new account has in a field: a list of choices that must have a value shows its first. */
    function fresh(field) {
        const listed = field && field.kind === 'select' && field.required && field.default === undefined;
        return listed && field.values ? String(field.values[0]) : unset(field);
    }

    /** What the choice before filled in and nobody changed, as it stood before that: {field: value}. */
    function takenBack(panel, fields, field, before, values, replaced) {
        const out = {};
        const old = chosen(panel, field, {[field.name]: before});
        for (const [name, fill] of Object.entries((old && old.choice.fills) || {})) {
            if (String(values[name]) !== String(fill)) continue;
            const target = fields.find((each) => each.name === name);
            out[name] = replaced[name] === undefined ? fresh(target) : replaced[name];
        }
        return out;
    }

    /**
     * What choosing writes: `{field: value}`. What the choice before had filled in is taken back, what the new one does
     * not offer becomes its first offer or nothing, and a field that it does not have is emptied: nobody would see what
     * stands there. `replaced`: {field: value} of what choices wrote over, kept from one choice to the next.
     */
    function writes(panel, fields, field, before, values, replaced = {}) {
        const out = takenBack(panel, fields, field, before, values, replaced);
        const standing = {...values, ...out};
        for (const name of Object.keys(replaced)) delete replaced[name];
        const now = chosen(panel, field, values);
        if (!now) return out;
        const offers = now.choice.offers || {};
        for (const name of now.table.offers || []) {
            if (!Object.hasOwn(offers, name)) out[name] = unset(fields.find((each) => each.name === name));
        }
        for (const [name, list] of Object.entries(offers)) {
            if (!Array.isArray(list)) continue;
            const target = fields.find((each) => each.name === name);
            const value = target ? wfcPanel.conditions.effective(target, standing) : '';
            if (list.some((each) => String(each.id) === value)) continue;
            out[name] = target && target.kind === 'choice' ? String(list[0].id) : '';
        }
        for (const [name, fill] of Object.entries(now.choice.fills || {})) {
            if (standing[name] !== undefined) replaced[name] = standing[name];
            out[name] = fill;
        }
        for (const name of Object.keys(out)) {
            if (values[name] !== undefined && String(values[name]) === String(out[name])) delete out[name];
        }
        return out;
    }

    /**
     * What stands in the fields that nobody filled in, when a dialog opens: what the standing choices fill in, else the
     * value that a list of choices shows first. `{field: value}`, without what stays empty.
     */
    function missing(panel, fields, values) {
        const empty = (name) => values[name] === undefined || values[name] === null || values[name] === '';
        const out = {};
        const applying = wfcPanel.conditions.shown(fields, values);
        for (const field of fields) {
            const found = field.kind === 'options' && applying.has(field.name) && chosen(panel, field, values);
            for (const [name, fill] of Object.entries((found && found.choice.fills) || {})) {
                if (empty(name)) out[name] = fill;
            }
        }
        for (const field of fields) {
            const value = empty(field.name) && out[field.name] === undefined ? fresh(field) : '';
            if (value !== '') out[field.name] = value;
        }
        return out;
    }

    wfcPanel.presets = {chosen, state, writes, missing};
}());
