/**
 * What the editor's endpoints and the account node say when they refuse.
 *
 * Guarantees: a sentence in the person's language where the catalogue has it (`panel.refused.<id>`), else in English;
 * none holds a value that somebody typed.
 * Does not: speak for the component, whose errors pass as they are.
 */
'use strict';

/** By id: the HTTP status where nothing was answered yet, and the English sentence. `__name__` is replaced. */
const PROBLEMS = {
    'not-json-content': [415, 'Send this request as application/json.'],
    encoded: [415, 'Send this request without compression.'],
    'other-origin': [403, 'This request did not come from the editor of this Node-RED.'],
    'too-large': [413, 'The request is larger than 1 MiB.'],
    'bad-request': [400, 'The request is not what this version of the node expects: __field__. Reload the editor.'],
    'bad-account': [400, 'The id of the account may only have letters, digits, - and _. Make the account anew.'],
    'unknown-field': [400, 'There is no field "__field__" in this version of the node. Reload the editor.'],
    'unknown-action': [400, 'There is no such action in this version of the node. Reload the editor.'],
    'not-shown': [400, 'This action does not belong to the choices made in the account.'],
    'wrong-value': [400, 'The field "__field__" takes text.'],
    'too-long': [400, 'What stands in the field "__field__" is too long.'],
    'not-json': [400, 'What stands in the field "__field__" is no JSON.'],
    internal: [500, 'This did not work, for a reason that should not be. The log of Node-RED says more.'],
    'too-many': [429, 'Too many actions run at once. Wait until one is over.'],
    'secret-needed': [
        200,
        'What was stored belongs to the account as it was deployed: enter its secrets again, or deploy first.',
    ],
    'not-deployed': [
        200,
        'A value comes from an environment variable: deploy first, then the account can be tried as it was deployed.',
    ],
};

/** The sentence for an id. params: {field}. */
function sentence(host, language, id, params = {}) {
    const key = `panel.refused.${id}`;
    const said = host.words ? host.words(language, key, params) : undefined;
    if (typeof said === 'string' && said !== '' && said !== key) return said;
    return PROBLEMS[id][1].replace(/__(\w+)__/g, (mark, name) => String(params[name] ?? '').slice(0, 128));
}

/** A refusal: `id` of the table above; params: {field}; `fields`: those that the editor should mark. */
class Refused extends Error {
    constructor(id, params = {}, fields = undefined) {
        super(id);
        this.name = 'Refused';
        this.id = id;
        this.params = params;
        this.fields = fields;
    }

    get status() {
        return PROBLEMS[this.id][0];
    }

    /** {id, message, fields?}, as it is answered. */
    told(host, language) {
        const told = { id: this.id, message: sentence(host, language, this.id, this.params) };
        return this.fields === undefined ? told : { ...told, fields: this.fields };
    }
}

module.exports = { PROBLEMS, Refused, sentence };
