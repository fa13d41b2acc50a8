/**
 * Runs the script of a generated dialog as the editor would, and prints what it registers as JSON: functions as the list
 * of what they answer, checks of fields as what they were made of. Arguments: the script's file.
 */
'use strict';

const fs = require('node:fs');
const vm = require('node:vm');

const check = new Proxy({}, { get: (target, kind) => (...given) => ({ check: kind, given }) });
const registered = [];
function of(panel) {
    const definitions = {};
    registered.push({ panel, definitions });
    return { registerType: (type, definition) => { definitions[type] = definition; } };
}
const window = { wfcPanel: { validate: check, of } };
vm.runInNewContext(fs.readFileSync(process.argv[2], 'utf8'), { window, wfcPanel: window.wfcPanel }, { timeout: 5000 });

/** Answers of `outputLabels` for each output, of `label` with a name and without. */
function called(name, run, definition) {
    const node = { _: (key) => key };
    if (name === 'outputLabels') return Array.from({ length: definition.outputs }, (unused, index) => run.call(node, index));
    return [run.call({ ...node, name: 'Nora' }), run.call({ ...node, name: '' })];
}

for (const { definitions } of registered) {
    for (const definition of Object.values(definitions)) {
        for (const [name, value] of Object.entries(definition)) {
            if (typeof value === 'function') definition[name] = called(name, value, definition);
        }
    }
}
process.stdout.write(JSON.stringify(registered));
