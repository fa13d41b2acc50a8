/**
 * Documents made of the fields of a panel: the settings of an account, the input of an action.
 *
 * Guarantees: what was left empty or does not apply is not in it; secrets stand in it as {"$secret": name} and only
 * where the caller gave a name; nothing but fields of the table can get in, whatever else was given.
 * Does not: check the document. The component does, and names the place.
 */
'use strict';
const { chosen, readValues } = require('./account_values');

/** A member of a JSON pointer as it is written in an object. */
function unescaped(part) {
    return part.replace(/~1/g, '/').replace(/~0/g, '~');
}

function place(document, pointer, value) {
    const parts = pointer.split('/').slice(1).map(unescaped);
    const last = parts.pop();
    let at = document;
    for (const part of parts) {
        if (!Object.hasOwn(at, part)) at[part] = {};
        at = at[part];
    }
    at[last] = value;
}

/** A box that is not ticked is as if it were not there; a choice is always told, for its branch hangs on it. */
function worth(entry) {
    const { field, value } = entry;
    if (field.kind === 'boolean') return value === (field.default ?? false) ? undefined : value;
    return field.kind === 'choice' ? chosen(entry) : value;
}

/** `read`: of readValues(); `secretNames`: {field: name} of the secrets that are there. */
function documentOf(read, secretNames = {}) {
    const document = {};
    for (const entry of read.values()) {
        const { field, shown } = entry;
        if (!shown) continue;
        if (field.kind === 'secret') {
            if (Object.hasOwn(secretNames, field.name))
                place(document, field.pointer, { $secret: secretNames[field.name] });
            continue;
        }
        const value = worth(entry);
        if (value !== undefined) place(document, field.pointer, value);
    }
    return document;
}

/** → {settings}: the settings document of what was typed. Throws FieldProblem (account_values.js). */
function settingsDocument(panel, values, { secretNames = {} } = {}) {
    return { settings: documentOf(readValues(panel.settings.fields, values), secretNames) };
}

module.exports = { documentOf, settingsDocument };
