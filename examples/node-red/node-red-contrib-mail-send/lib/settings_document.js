/**
 * Documents made of the fields of a panel: the settings of an account, the input of an action.
 *
 * Guarantees: what was left empty or does not apply is not in it; secrets stand in it as {"$secret": name} and only
 * where the caller gave a name; nothing but fields of the table can get in, whatever else was given.
 * Does not: check the document. The component does, and names the place.
 */
'use strict';
const { chosen, readSettings } = require('./account_values');

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

/** Whether the object is there that holds the place. */
function hasParent(document, pointer) {
    let at = document;
    for (const part of pointer.split('/').slice(1, -1).map(unescaped)) {
        if (!Object.hasOwn(at, part)) return false;
        at = at[part];
    }
    return true;
}

/**
 * A box that is not ticked is as if it were not there, unless something must be there; a choice is always told, for its
 * branch hangs on it.
 */
function worth(entry) {
    const { field, value } = entry;
    if (field.kind === 'boolean') {
        const usual = field.default ?? false;
        if (field.required) return value ?? usual;
        return value === usual ? undefined : value;
    }
    return field.kind === 'choice' ? chosen(entry) : value;
}

/** `read`: of readSettings() or readValues(); `secretNames`: {field: name} of the secrets that are there. */
function documentOf(read, secretNames = {}) {
    const document = {};
    for (const entry of read.values()) {
        const { field, shown } = entry;
        if (!shown || field.kind === 'fixed') continue;
        if (field.kind === 'secret') {
            if (Object.hasOwn(secretNames, field.name))
                place(document, field.pointer, { $secret: secretNames[field.name] });
            continue;
        }
        const value = worth(entry);
        if (value !== undefined) place(document, field.pointer, value);
    }
    // What has one value only comes with the object that it belongs to.
    for (const { field, shown } of read.values()) {
        if (field.kind !== 'fixed' || !shown) continue;
        if (field.required || hasParent(document, field.pointer)) place(document, field.pointer, field.default);
    }
    return document;
}

/** → {settings}: the settings document of what was typed. Throws FieldProblem (account_values.js). */
function settingsDocument(panel, values, { secretNames = {} } = {}) {
    return { settings: documentOf(readSettings(panel, values), secretNames) };
}

module.exports = { documentOf, settingsDocument };
