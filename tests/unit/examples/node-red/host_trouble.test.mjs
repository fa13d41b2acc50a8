// Hosts that hang, do not understand, or come when there is nothing left to start them with.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fakeCalls, folderFor, lib, require, send, until } from './fake_host.mjs';

const { createCalls } = require(path.join(lib, 'calls.js'));

test('a process that hangs at configure is killed and started again; its calls wait for the next', async (t) => {
    const { calls, record, said } = fakeCalls(t, { limits: { prepareMs: 300 } });
    calls.use('hangs', { type: 'thing', settings: { hang: true } });
    assert.equal((await send(calls, {}, { component: 'hangs' }).result).outcome, 'accepted');
    assert.equal(record().filter((entry) => entry.started).length, 2);
    assert.ok(said.some((line) => line.includes('did not answer configure in time')), said.join('\n'));
});

test('a process that did not understand a line while it owes answers is ended; its calls say what is true', async (t) => {
    const { calls, said } = fakeCalls(t);
    const reads = send(calls, { hang: true }, { effects: 'none' });
    const runs = send(calls, { hang: true });
    const mute = send(calls, { mute: true });
    assert.equal((await mute.result).outcome, 'unknown');
    assert.equal((await runs.result).outcome, 'unknown');
    assert.equal((await reads.result).outcome, 'failed');
    assert.equal((await send(calls).result).outcome, 'accepted');
    assert.ok(said.some((line) => line.includes('did not understand a line')), said.join('\n'));
});

test('a result that was said is the result, whatever becomes of its blobs and of the process', async (t) => {
    const { calls, record } = fakeCalls(t);
    const call = send(calls, { torn: true }, { save: ['eml'] });
    const { outcome, document, blobs } = await call.result;
    assert.deepEqual([outcome, document.outcome, blobs], ['accepted', 'accepted', {}]);
    await send(calls).result;
    assert.equal(record().filter((entry) => entry.did === call.id).length, 1);
});

test('a call says whether it was begun', async (t) => {
    const { calls } = fakeCalls(t, { limits: { calls: 1 } });
    const runs = send(calls, { hang: true });
    const waits = send(calls);
    assert.equal(runs.begun, false);
    await until(() => runs.begun);
    assert.equal(waits.begun, false);
    runs.cancel();
    await waits.result;
    assert.equal(waits.begun, true);
});

test('the next process is started when the one before has ended', async (t) => {
    const { calls, record, folder } = fakeCalls(t, { script: { stubborn: true }, limits: { stopMs: 1000 } });
    await send(calls).result;
    const stopped = calls.stop();
    let over = false;
    stopped.then(() => (over = true));
    const next = createCalls({
        command: path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), 'fake_serve.mjs'),
        env: { ...process.env, FAKE_SERVE: JSON.stringify({ folder }) },
        after: stopped,
    });
    t.after(() => next.stop());
    next.use('account', { type: 'thing', settings: {} });
    const { outcome } = await send(next).result;
    assert.deepEqual([outcome, over], ['accepted', true]);
    assert.equal(record().filter((entry) => entry.started).length, 2);
});

test('a stop while the one before still ends starts nothing', async (t) => {
    const { calls, record } = fakeCalls(t, { after: new Promise((go) => setTimeout(go, 200)) });
    const call = send(calls);
    await calls.stop();
    assert.equal((await call.result).document.error.id, 'host.stopping');
    await new Promise((go) => setTimeout(go, 300));
    assert.deepEqual(record(), []);
});

test('without a free file descriptor the start fails, and comes about when there are some', async (t) => {
    const folder = folderFor(t);
    const program = `
        const fs = require('node:fs');
        const { createCalls } = require(${JSON.stringify(path.join(lib, 'calls.js'))});
        const log = (level, text) => console.log(text);
        const calls = createCalls({ command: process.argv[1], log, limits: { starts: 2, firstPauseMs: 20 } });
        calls.use('a', { type: 'thing', settings: {} });
        const invoke = () => calls.invoke({ component: 'a', operation: 'do', input: {} }).result;
        (async () => {
            const open = [];
            // Some are left or none: each way in which a start can come to nothing.
            for (const left of [0, 1, 3, 5]) {
                try {
                    for (;;) open.push(fs.openSync('/dev/null'));
                } catch {}
                open.splice(0, left).forEach((file) => fs.closeSync(file));
                console.log('while', (await invoke()).document.error?.id);
            }
            open.forEach((file) => fs.closeSync(file));
            console.log('then', (await invoke()).outcome);
            await calls.stop();
        })();`;
    const fake = new URL('fake_serve.mjs', import.meta.url).pathname;
    const env = { ...process.env, FAKE_SERVE: JSON.stringify({ folder }) };
    const script = 'ulimit -n 64; exec "$0" -e "$1" "$2"';
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn('sh', ['-c', script, process.execPath, program, fake], { env, stdio });
    t.after(() => child.kill('SIGKILL'));
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    const code = await new Promise((end) => child.on('close', end));
    assert.equal(code, 0, text);
    assert.ok(text.match(/while host\.start/g).length >= 1, text);
    assert.match(text, /EMFILE/);
    assert.match(text, /then accepted/);
});
