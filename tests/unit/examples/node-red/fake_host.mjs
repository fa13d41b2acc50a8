// What the tests of calls share: calls over the scripted host, the words of the catalogue, what the host recorded.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.join(here, '../../../..');
export const lib = path.join(root, 'examples/node-red/node-red-contrib-mail-send/lib');
export const require = createRequire(import.meta.url);
const { createCalls } = require(path.join(lib, 'calls.js'));

const texts = {};
for (const language of ['en', 'ja']) {
    texts[language] = JSON.parse(fs.readFileSync(path.join(root, `sdk/panel/texts/${language}.json`), 'utf8'));
}

/** The generator's words, as the package's catalogue has them. */
export function words(key, params, language = 'en') {
    const text = texts[language][key];
    return text && text.replace(/__(\w+?)__/g, (mark, name) => (name in params ? String(params[name]) : mark));
}

/** A folder that is removed with the test `t`. */
export function folderFor(t) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'calls-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    return folder;
}

/** Calls over fake_serve.mjs, stopped with the test: {calls, folder, said, record()}. */
export function fakeCalls(t, { script = {}, limits = {}, ...options } = {}) {
    const folder = folderFor(t);
    const said = [];
    const calls = createCalls({
        command: path.join(here, 'fake_serve.mjs'),
        env: { ...process.env, FAKE_SERVE: JSON.stringify({ folder, ...script }) },
        log: (level, text) => said.push(`${level} ${text}`),
        words,
        limits: { firstPauseMs: 20, ...limits },
        ...options,
    });
    t.after(() => calls.stop());
    calls.use('account', { type: 'thing', settings: { host: 'a' }, secrets: { word: 'pssst-secret' } });
    const record = () => {
        const file = path.join(folder, 'record');
        if (!fs.existsSync(file)) return [];
        // The last line may not be written whole.
        return fs.readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
    };
    return { calls, folder, said, record };
}

/** A call of `do` with ports, as the flow node makes it. */
export function send(calls, input = {}, more = {}) {
    const ports = ['accepted', 'failed', 'unknown'];
    return calls.invoke({ component: 'account', operation: 'do', input, effects: 'at-most-once', ports, ...more });
}

/** Waits until `holds()`, at most 20 s. */
export async function until(holds, what = String(holds)) {
    for (const end = Date.now() + 20000; Date.now() < end; await new Promise((go) => setTimeout(go, 10))) {
        if (holds()) return;
    }
    assert.fail(`not within 20 s: ${what}`);
}

/** Whether a process is there. */
export function alive(pid) {
    try {
        process.kill(pid, 0);
        return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
        return false;
    }
}
