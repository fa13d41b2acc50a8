/**
 * Where the program `wfc` is.
 *
 * Guarantees: an address given in WFC is taken or refused, never passed over; otherwise the package's own bin/wfc, then
 * the first of PATH. What cannot be found is an Error whose text says what to do.
 * Does not: run anything, look at the version.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** Whether `file` is a regular file that may be run. */
function runnable(file) {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

/**
 * {command, from}: `command` is a path, `from` says by what it was found: 'WFC', 'package' or 'PATH'.
 * `wfc` is the administrator's setting and goes before WFC. Throws an Error with the id 'wfc-missing'.
 */
function findWfc({ wfc, env = process.env, packageDir, exists = runnable } = {}) {
    const named = wfc ? ['the setting wfc', wfc] : env.WFC ? ['WFC', env.WFC] : undefined;
    if (named) {
        const [from, command] = named;
        if (exists(command)) return { command, from };
        throw missing(`${from} names ${command}, which is no program that can be run.`);
    }
    if (packageDir) {
        const command = path.join(packageDir, 'bin', 'wfc');
        if (exists(command)) return { command, from: 'package' };
    }
    for (const folder of (env.PATH || '').split(path.delimiter)) {
        // A relative folder of PATH would depend on where Node-RED was started.
        if (!path.isAbsolute(folder)) continue;
        const command = path.join(folder, 'wfc');
        if (exists(command)) return { command, from: 'PATH' };
    }
    throw missing('The program wfc was not found: not in WFC, not in the package\'s bin folder, not in PATH.');
}

function missing(what) {
    const error = new Error(`${what} Set the environment variable WFC of Node-RED to the path of wfc, or install it.`);
    error.id = 'wfc-missing';
    return error;
}

module.exports = { findWfc };
