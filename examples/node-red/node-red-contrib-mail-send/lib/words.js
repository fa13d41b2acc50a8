/**
 * The texts of the package's catalogues, in the language that an account has.
 *
 * Guarantees: a text in the language asked for, else in English, else the key itself; never an exception. The files are
 * read once, when they are first needed.
 * Does not: follow the language of Node-RED's process, which is nobody's account's.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Folders as Node-RED's editor names them. */
const FOLDERS = { en: 'en-US' };

function readCatalogue(packageDir, type, language) {
    try {
        const folder = path.join(packageDir, 'locales', FOLDERS[language] || language);
        return JSON.parse(fs.readFileSync(path.join(folder, `${type}.json`), 'utf8'));
    } catch {
        return {};
    }
}

function textAt(catalogue, key) {
    let at = catalogue;
    for (const step of key.split('.')) {
        at = at !== null && typeof at === 'object' && Object.hasOwn(at, step) ? at[step] : undefined;
    }
    return typeof at === 'string' ? at : undefined;
}

/** (language, key, params) → text, params as __name__. `panel` gives the type and the languages there are. */
function createWords({ packageDir, panel }) {
    const catalogues = new Map();
    const catalogueOf = (language) => {
        if (!catalogues.has(language)) catalogues.set(language, readCatalogue(packageDir, panel.type, language));
        return catalogues.get(language);
    };
    return (language, key, params = {}) => {
        const known = panel.languages.includes(language) ? language : 'en';
        const text = textAt(catalogueOf(known), key) ?? textAt(catalogueOf('en'), key) ?? key;
        const filled = (whole, name) => (Object.hasOwn(params, name) ? String(params[name]) : whole);
        return text.replace(/__([A-Za-z_]\w*?)__/g, filled);
    };
}

module.exports = { createWords };
