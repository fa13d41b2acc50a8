/**
 * Puts a component's nodes together for Node-RED. A package is one line:
 *     module.exports = require('./lib/register')(require('./panel.json'), { packageDir: __dirname });
 *
 * Guarantees: all nodes of one Node-RED process share one host process, which is made when it is first needed and
 * stopped when the flows are, or when no flow uses the component any more; but not while it does something, as for a
 * person in the editor. There are never two.
 * Does not: know the component; what its flow node reads of messages is given (`fromMessage`).
 *
 * For the administrator, in settings.js under the camelCase of the type (mail-send: mailSend):
 *   wfc                path of the program wfc
 *   components         folder of components
 *   roots              folders in which files of flows may lie; without one no flow reads files
 *   calls, queue       calls that run at once, calls that wait; a few more run for people, and for accounts of which
 *                      none runs (call_queue.js)
 *   privateAddresses   false: no connections to private and loopback addresses
 */
'use strict';

const path = require('node:path');
const { registerAccount } = require('./account_node');
const { registerEndpoints } = require('./admin_endpoints');
const { createCalls } = require('./calls');
const { findWfc } = require('./find_wfc');
const { registerFlowNode } = require('./flow_node');
const { LateResults } = require('./late_results');
const { createWords } = require('./words');

/** How long nothing may want the host while the flows are stopped, before it is: a deploy stops and starts them. */
const IDLE_MS = 2000;

/** Levels of the host and the component, as Node-RED names them. */
const LEVELS = { trace: 'trace', debug: 'debug', info: 'info', warning: 'warn', error: 'error' };

function camelCase(type) {
    return type.replace(/-([a-z0-9])/g, (whole, letter) => letter.toUpperCase());
}

function listOf(value) {
    return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === 'string' && entry !== '');
}

/** What follows `wfc serve`. */
function serveArguments(settings, roots) {
    return [
        ...listOf(settings.components).flatMap((folder) => ['--components', folder]),
        ...roots.flatMap((folder) => ['--root', folder]),
        ...(settings.privateAddresses === false ? ['--no-private-addresses'] : []),
    ];
}

/** The environment of the host: its home lies under Node-RED's user directory. */
function hostEnvironment(RED, panel) {
    if (process.env.WFC_HOME || !RED.settings.userDir) return { ...process.env };
    return { ...process.env, WFC_HOME: path.join(RED.settings.userDir, `${panel.type}-wfc`) };
}

/** What the nodes and endpoints share: calls(), words(), late, roots, settings. */
function createHost(RED, panel, packageDir) {
    const settings = RED.settings[camelCase(panel.type)] || {};
    const roots = listOf(settings.roots);
    const words = createWords({ packageDir, panel });
    const limits = {};
    for (const name of ['calls', 'queue']) {
        if (Number.isInteger(settings[name]) && settings[name] > 0) limits[name] = settings[name];
    }
    let calls;
    let idle;
    let wanted = false;
    let ended = Promise.resolve();
    const host = {
        settings,
        roots,
        words,
        late: new LateResults(RED.events),
        calls() {
            wanted = true;
            calls = calls || createCalls({
                command: () => findWfc({ wfc: settings.wfc, packageDir }).command,
                args: serveArguments(settings, roots),
                env: hostEnvironment(RED, panel),
                log: (level, text) => RED.log[LEVELS[level] || 'info'](`[${panel.type}] ${text}`),
                words: (key, params, language) => words(language, key, params),
                limits,
                after: ended,
            });
            return calls;
        },
        /** Stops the process; the next call starts another. */
        stop() {
            if (calls) ended = Promise.all([ended, calls.stop()]).then(() => {});
            calls = undefined;
            return ended;
        },
    };
    const isBusy = () => calls !== undefined && calls.busy.running + calls.busy.waiting > 0;
    /** Stops the host once nothing has wanted it for a while; over and over, as an editor may want it again. */
    const rest = () => {
        clearTimeout(idle);
        wanted = false;
        idle = setTimeout(() => {
            if (!wanted && !isBusy()) host.stop();
            rest();
        }, IDLE_MS);
        idle.unref();
    };
    RED.events.on('flows:starting', () => clearTimeout(idle));
    RED.events.on('flows:stopped', rest);
    RED.events.on('flows:started', () => {
        clearTimeout(idle);
        let used = false;
        RED.nodes.eachNode((node) => (used = used || node.type === panel.node || node.type === panel.account));
        if (used) return;
        if (!isBusy()) host.stop();
        rest();
    });
    return host;
}

/** The function that a package exports for Node-RED. `options` as for registerFlowNode (flow_node.js). */
module.exports = function register(panel, { packageDir, ...options }) {
    return (RED) => {
        const host = createHost(RED, panel, packageDir);
        registerAccount(RED, panel, host, options);
        registerFlowNode(RED, panel, host, options);
        registerEndpoints(RED, panel, host);
    };
};
module.exports.createHost = createHost;
