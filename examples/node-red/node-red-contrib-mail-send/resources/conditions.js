// Which fields and actions apply with the choices made: one table for all, read from panel.json's `shown`.
//
// Guarantees: pure functions of the table and the values. Knows nothing of the DOM.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** What a field counts as: its value, or its default where nothing is chosen. */
    function effective(field, values) {
        const value = values[field.name];
        if (value === undefined || value === null || value === '') {
            return field.default === undefined ? '' : String(field.default);
        }
        return String(value);
    }

    /**
     * The names of the fields that apply. A field whose condition is about a field that does not apply itself
     * does not apply either, however long the chain; one that waits for itself never does.
     */
    function shown(fields, values) {
        const byName = new Map(fields.map((field) => [field.name, field]));
        const decided = new Map();
        const decide = (field) => {
            if (decided.has(field.name)) return decided.get(field.name);
            decided.set(field.name, false);
            const answer = Object.entries(field.shown || {}).every(([name, allowed]) => {
                const other = byName.get(name);
                return other !== undefined && decide(other) && allowed.map(String).includes(effective(other, values));
            });
            decided.set(field.name, answer);
            return answer;
        };
        return new Set(fields.filter(decide).map((field) => field.name));
    }

    /** Whether `condition` (of an action, say) holds: every field named applies and has one of the values. */
    function holds(condition, fields, values) {
        const applying = shown(fields, values);
        return Object.entries(condition || {}).every(([name, allowed]) => {
            const field = fields.find((each) => each.name === name);
            return field !== undefined && applying.has(name) && allowed.map(String).includes(effective(field, values));
        });
    }

    wfcPanel.conditions = {effective, shown, holds};
}());
