#!/usr/bin/env node
// A host as `wfc serve` in the eyes of an engine, whose behaviour is scripted.
//
// FAKE_SERVE (environment, JSON) says what the process does; the input of an `invoke` says what that call does:
//   FAKE_SERVE  {folder: where blob folders and the record go, hello: 'late' | 'never' | 'refused', dies: 'at-start',
//                calls: limit, busyOver: n, deaf: true (never reads), stubborn: true (does not end with its input),
//                once: [what of these only the first process does]}
//   input       {die: 'before' | 'after' (the process ends before or after the work),
//                hang: true, wait: ms, progress: n, prompt: true, junk: true, long: true, save: text, error: id,
//                wide: true (a result without document), closing: true, mute: true (an error that names no request),
//                torn: true (a result whose blobs make no sense; the process ends after it)}
// It writes what it took into <folder>/record, one JSON object a line: {did: call} for work that was done.
import fs from 'node:fs';
import path from 'node:path';

const script = JSON.parse(process.env.FAKE_SERVE || '{}');
const { folder } = script;
const first = !fs.existsSync(path.join(folder, 'record'));
const does = (name) => (first || !(script.once || []).includes(name) ? script[name] : undefined);
const record = (entry) => fs.appendFileSync(path.join(folder, 'record'), `${JSON.stringify(entry)}\n`);
record({ started: process.pid, args: process.argv.slice(2) });

const say = (line) => fs.writeSync(1, typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
const die = (code = 9) => process.exit(code);
const refuse = (id, error, message) => say({ type: 'error', id, error: { id: error, message } });
const blobs = path.join(folder, `blobs-${process.pid}`);
fs.mkdirSync(blobs, { mode: 0o700 });

if (does('dies') === 'at-start') {
    console.error('cannot read the configuration');
    die(78);
}
const components = new Map();
const running = new Map();
const release = new Map();
let stopping = false;
let last = 0;

function finish(id, members) {
    clearTimeout(running.get(id)?.timer);
    for (const file of Object.values(running.get(id)?.blobs || {})) fs.rmSync(path.join(blobs, file));
    running.delete(id);
    say({ type: 'result', id, status: 'ok', outcome: 'accepted', port: 'accepted', blobs: {}, ...members });
    if (stopping && running.size === 0) die(0);
}

const outcome = 'cancelled';
const cancelled = { status: 'cancelled', outcome, port: 'failed', document: { format: 1, outcome } };

function invoke(request) {
    const { id, component, input, call } = request;
    const known = components.get(component);
    if (!known) return refuse(id, 'unknown-component', component);
    if (known.settings === undefined) return refuse(id, 'not-configured', component);
    if (running.size >= (does('busyOver') || Infinity)) return refuse(id, 'busy', 'too many calls');
    if (input.error) return refuse(id, input.error, `refused as ${input.error}`);
    if (input.mute) return say({ type: 'error', error: { id: 'malformed', message: 'no JSON' } });
    if (input.closing && first) return refuse(id, 'closing', 'closing');
    if (input.die === 'before') die();
    const read = {};
    for (const [name, file] of Object.entries(request.blobs || {})) {
        const place = path.join(blobs, file);
        read[name] = { text: fs.readFileSync(place, 'utf8').slice(0, 100), mode: fs.statSync(place).mode & 0o777,
            bytes: fs.statSync(place).size };
    }
    running.set(id, { blobs: request.blobs, call });
    for (let i = 1; i <= (input.progress || 0); i++) say({ type: 'progress', id, event: { stage: 'work', done: i } });
    if (input.junk) say('Segmentation \u001b[31m fault\n{"type":7}\n[1]\n{"type":"result","id":123456}\n');
    if (input.long) say(`{"type":"result","id":${id},"x":"${'x'.repeat(9 * 1024 * 1024)}"}\n`);
    const question = { kind: 'url', url: 'http://127.0.0.1:1/', paste: true };
    if (input.prompt) return say({ type: 'prompt', id, question });
    if (input.hang) return undefined;
    running.get(id).timer = setTimeout(() => {
        record({ did: call });
        if (input.die === 'after') die();
        if (input.wide) return finish(id, { document: 'no object' });
        if (input.torn) {
            finish(id, { document: { format: 1, outcome: 'accepted' }, blobs: { eml: null } });
            die();
        }
        const saved = {};
        for (const name of input.save !== undefined ? request.save : []) {
            fs.writeFileSync(path.join(blobs, `out-${id}`), input.save);
            saved[name] = { file: `out-${id}`, bytes: Buffer.byteLength(input.save) };
        }
        release.set(id, saved);
        const { settings, secrets = {} } = known;
        const document = { format: 1, outcome: 'accepted', settings, secrets: Object.keys(secrets), component,
            pid: process.pid, echo: input.echo, blobs: read, timeout_ms: request.timeout_ms };
        return finish(id, { document, blobs: saved });
    }, input.wait || 0);
    return undefined;
}

const answers = {
    hello(request) {
        if (does('hello') === 'never') return;
        if (does('hello') === 'refused') {
            refuse(request.id, 'protocol', 'this host speaks protocol 2');
            return;
        }
        const limits = { line_bytes: 8388608, calls: does('calls') || 64, components: 64 };
        const host = { name: 'fake', version: '1' };
        say({ type: 'hello', id: request.id, protocol: 1, host, blobs, limits, components: [] });
        const fields = { text: script.says };
        if (script.says) say({ type: 'log', level: 'warning', event: 'script', fields, at_ms: 1 });
    },
    load(request) {
        record({ load: request.component });
        if (request.of === 'absent') return refuse(request.id, 'not-installed', 'absent is not installed');
        components.set(request.component, {});
        return say({ type: 'loaded', id: request.id, component: request.component, of: request.of, version: '1' });
    },
    configure(request) {
        record({ configure: request.component });
        const { id, component, settings, secrets } = request;
        if (settings.die && (settings.die !== 'first' || first)) die();
        if (settings.hang && first) return undefined;
        if (settings.wrong) {
            const document = { format: 1, outcome: 'failed', error: { id: 'settings.wrong', pointer: '/wrong' } };
            return say({ type: 'configured', id, component, status: 'invalid-settings', document });
        }
        components.set(component, { settings, secrets });
        return setTimeout(() => say({ type: 'configured', id, component, status: 'ok' }), settings.wait || 0);
    },
    invoke,
    cancel(request) {
        const call = running.get(request.of);
        say({ type: 'cancelled', id: request.id, known: call !== undefined });
        if (call) finish(request.of, cancelled);
    },
    answer(request) {
        const call = running.get(request.of);
        say({ type: 'answered', id: request.id, known: call !== undefined });
        if (call) finish(request.of, { document: { format: 1, outcome: 'accepted', pasted: request.pasted } });
    },
    release(request) {
        for (const { file } of Object.values(release.get(request.of) || {})) fs.rmSync(path.join(blobs, file));
        release.delete(request.of);
        say({ type: 'released', id: request.id });
    },
    unload(request) {
        record({ unload: request.component });
        components.delete(request.component);
        say({ type: 'unloaded', id: request.id });
    },
};

let text = '';
function read(chunk) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop();
    for (const line of lines) {
        const request = JSON.parse(line);
        if (request.id <= last) refuse(request.id, 'stale-id', 'stale');
        last = request.id;
        answers[request.type](request);
    }
}
process.stdin.setEncoding('utf8');
if (does('deaf')) setInterval(() => {}, 1000);
else process.stdin.on('data', read);
process.stdin.on('end', () => {
    stopping = true;
    record({ ended: process.pid });
    if (does('stubborn')) setInterval(() => {}, 1000);
    else if (running.size === 0) die(0);
    // As the real one, but sooner: calls have a moment, then they are cancelled.
    else setTimeout(() => [...running.keys()].forEach((id) => finish(id, cancelled)), 500);
});
