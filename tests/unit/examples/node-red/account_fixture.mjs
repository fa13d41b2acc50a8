// What the tests of accounts and of the editor's endpoints share: a RED and Calls that only take notes, an Express
// app as Node-RED has it, and an editor that asks it.
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');
export const nodePackage = path.join(root, 'examples/node-red/node-red-contrib-mail-send');
const modules = path.join(process.env.NODE_RED || path.join(root, 'build/node-red'), 'node_modules');

/** A module of the package's lib. */
export const lib = (name) => require(path.join(nodePackage, 'lib', name));
export const panel = require(path.join(nodePackage, 'panel.json'));
/** Where wfc and components are built. */
export const wfcBuild = process.env.WFC_BUILD || path.join(root, 'build/debug');

/** Calls that notes what it is asked; `answers(call)` says what the promise of a call becomes. */
export class FakeCalls {
    components = new Map();
    used = [];
    dropped = [];
    invoked = [];
    cancelled = 0;
    pasted = [];
    answers = async () => ({
        status: 'ok',
        outcome: 'succeeded',
        document: { format: 1, outcome: 'succeeded' },
        blobs: {},
    });

    use(key, component) {
        this.used.push({ key, ...component });
        this.components.set(key, component);
    }

    drop(key) {
        this.dropped.push(key);
        this.components.delete(key);
    }

    invoke(call) {
        this.invoked.push(call);
        let cancel;
        const stopped = new Promise((resolve) => {
            cancel = () => {
                this.cancelled += 1;
                resolve({
                    status: 'cancelled',
                    outcome: 'cancelled',
                    document: { format: 1, outcome: 'cancelled' },
                    blobs: {},
                });
            };
        });
        return {
            id: call.call || 'fresh',
            result: Promise.race([this.answers(call), stopped]),
            cancel,
            answer: async (pasted) => {
                this.pasted.push(pasted);
                return { known: true };
            },
        };
    }
}

/** Node-RED as far as accounts need it. `deploy` makes an account node as a deploy does, `remove` closes it. */
export class FakeRed {
    types = new Map();
    logged = [];
    permissions = [];
    flow = [];
    denies = false;
    log = {
        error: (text) => this.logged.push(text),
        warn: (text) => this.logged.push(text),
        info: (text) => this.logged.push(text),
    };
    auth = {
        needsPermission: (permission) => (request, response, next) => {
            this.permissions.push(permission);
            if (this.denies) response.status(401).end();
            else next();
        },
    };
    nodes = {
        createNode: (node, config) => {
            node.id = config.id;
            node.credentials = { ...this.stored[config._alias || config.id] };
            node.error = (text) => this.logged.push(text);
            node.on = (event, listener) => {
                node[`on_${event}`] = listener;
            };
        },
        registerType: (name, constructor, options) => this.types.set(name, { constructor, options }),
        eachNode: (visit) => this.flow.forEach(visit),
    };
    stored = {};

    /** `resolved`: what Node-RED makes of values of the environment. */
    deploy(config, credentials = {}, resolved = {}) {
        this.stored[config._alias || config.id] = credentials;
        this.flow = this.flow.filter(({ id }) => id !== config.id).concat({ type: panel.account, ...config });
        const { constructor: Account } = this.types.get(panel.account);
        return new Account({ ...config, ...resolved });
    }

    async remove(node, removed = true) {
        this.flow = this.flow.filter(({ id }) => id !== node.id);
        await new Promise((done) => node.on_close(removed, done));
    }
}

/** A host object with its own Calls. */
export function fakeHost() {
    const calls = new FakeCalls();
    return { host: { calls: () => calls, words: (language, key) => key }, calls };
}

/** Everything together, and an Express app with Node-RED's reader of JSON before it. */
export async function editor({ parsed = true, trust = false } = {}) {
    const express = require(path.join(modules, 'express'));
    const red = new FakeRed();
    const { host, calls } = fakeHost();
    const app = express();
    if (trust) app.set('trust proxy', trust);
    if (parsed) app.use(express.json({ limit: '5mb' }));
    red.httpAdmin = app;
    lib('account_node.js').registerAccount(red, panel, host);
    lib('admin_endpoints.js').registerEndpoints(red, panel, host);
    const server = http.createServer(app);
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();

    /** → {status, headers, text, lines}. `headers` take the place of the editor's; null leaves one out. */
    function post(name, body, headers = {}) {
        const all = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin', ...headers };
        const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
        const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
        return new Promise((done, failed) => {
            const request = http.request({
                port,
                host: '127.0.0.1',
                method: 'POST',
                path: `/${panel.type}/${name}`,
                headers: sent,
            });
            request.on('error', failed);
            request.on('response', (response) => {
                let answer = '';
                response.setEncoding('utf8').on('data', (part) => {
                    answer += part;
                });
                response.on('end', () =>
                    done({
                        status: response.statusCode,
                        headers: response.headers,
                        text: answer,
                        lines: answer
                            .split('\n')
                            .filter(Boolean)
                            .map((line) => JSON.parse(line)),
                    }),
                );
                response.on('error', failed);
            });
            request.end(text);
        });
    }

    /** Opens an action and gives its lines as they come: {next(), close()}. */
    function open(body) {
        const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
        const request = http.request({
            port,
            host: '127.0.0.1',
            method: 'POST',
            path: `/${panel.type}/action`,
            headers,
        });
        request.on('error', () => {});
        const lines = [];
        const waiting = [];
        request.on('response', (response) => {
            let rest = '';
            response.on('error', () => {});
            response.setEncoding('utf8').on('data', (part) => {
                const whole = (rest + part).split('\n');
                rest = whole.pop();
                for (const line of whole) {
                    const next = waiting.shift();
                    if (next) next(JSON.parse(line));
                    else lines.push(JSON.parse(line));
                }
            });
        });
        request.end(JSON.stringify(body));
        return {
            next: () => (lines.length ? Promise.resolve(lines.shift()) : new Promise((done) => waiting.push(done))),
            close: () => request.destroy(),
        };
    }

    return {
        red,
        host,
        calls,
        port,
        post,
        open,
        close: () =>
            new Promise((done) => {
                server.closeAllConnections();
                server.close(done);
            }),
    };
}

/** Resolves when `ready()` is true; for what has no event of its own. */
export async function until(ready) {
    const end = Date.now() + 20000;
    while (!ready()) {
        if (Date.now() > end) throw new Error('it did not come to that');
        await new Promise((next) => setTimeout(next, 5));
    }
}

/** An account with a password, as the editor stores it. */
export const passwordAccount = {
    id: 'a1b2c3',
    name: 'office',
    language: 'ja',
    server_kind: 'custom',
    server_host: 'mail.example.test',
    server_port: '587',
    server_security: 'starttls',
    auth_method: 'password',
    auth_username: 'alice@example.test',
    from: 'alice@example.test',
};

/** An account that signs in, with all that decides where its secrets go. */
export const signInAccount = {
    id: 'd4e5f6',
    language: 'en',
    server_kind: 'custom',
    server_host: 'mail.example.test',
    server_port: '587',
    auth_method: 'oauth2',
    auth_provider: 'custom',
    auth_grant: 'refresh-token',
    auth_username: 'bob@example.test',
    auth_client_id: 'client',
    auth_endpoints_token: 'https://id.example.test/token',
    from: 'bob@example.test',
};

/** The values of an account's settings, as an editor sends them. */
export function valuesOf(account) {
    const names = new Set(panel.settings.fields.map(({ name }) => name));
    return Object.fromEntries(Object.entries(account).filter(([name]) => names.has(name)));
}
