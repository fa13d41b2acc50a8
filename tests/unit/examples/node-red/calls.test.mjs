// What a call is while the process behind it lives.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fakeCalls, send, until } from './fake_host.mjs';

test('a call starts the process, loads and configures its component once, and gives the result', async (t) => {
    const { calls, record } = fakeCalls(t);
    assert.deepEqual(record(), [], 'nothing runs before it is needed');
    const first = await send(calls, { echo: '日本' }).result;
    const second = await send(calls).result;
    assert.equal(first.status, 'ok');
    assert.equal(first.outcome, 'accepted');
    assert.equal(first.port, 'accepted');
    assert.equal(first.document.echo, '日本');
    assert.deepEqual(first.document.secrets, ['word']);
    assert.equal(second.document.pid, first.document.pid);
    assert.equal(record().filter((entry) => entry.load).length, 1);
    assert.equal(record().filter((entry) => entry.configure).length, 1);
});

test('calls have ids: a fresh one each, or the one that is given', async (t) => {
    const { calls, record } = fakeCalls(t);
    const [one, two, three] = [send(calls), send(calls), send(calls, {}, { call: 'mine' })];
    assert.notEqual(one.id, two.id);
    assert.equal(three.id, 'mine');
    await Promise.all([one.result, two.result, three.result]);
    const did = record().filter((entry) => entry.did).map((entry) => entry.did);
    assert.deepEqual(did.sort(), [one.id, two.id, 'mine'].sort());
});

test('progress and questions come first, an answer goes back, and a listener that throws harms nothing', async (t) => {
    const { calls, said } = fakeCalls(t);
    const seen = [];
    const call = send(calls, { progress: 2, prompt: true }, {
        onProgress: (event) => {
            seen.push(event.done);
            throw new Error('listener');
        },
        onPrompt: (question) => seen.push(question.kind),
    });
    await until(() => seen.length === 3);
    assert.deepEqual(seen, [1, 2, 'url']);
    assert.deepEqual(await call.answer('http://127.0.0.1:1/?code=x'), { known: true });
    assert.equal((await call.result).document.pasted, 'http://127.0.0.1:1/?code=x');
    assert.deepEqual(await call.answer('again'), { known: false });
    assert.ok(said.some((line) => line.includes('listener')));
});

test('no more calls run than the limit, those that wait go in order, and a person waits for none', async (t) => {
    const { calls } = fakeCalls(t, { limits: { calls: 2 } });
    const order = [];
    const made = ['a', 'b', 'c', 'd'].map((name) => send(calls, { wait: 50 }, { call: name }));
    made.push(send(calls, { wait: 50 }, { call: 'person', ahead: true }));
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, calls.busy.running)), 1);
    await Promise.all(made.map((call) => call.result.then(() => order.push(call.id))));
    clearInterval(watch);
    assert.equal(most, 3);
    assert.equal(order.length, 5);
    assert.ok(order.indexOf('person') < order.indexOf('c'), order.join());
    assert.ok(order.indexOf('b') < order.indexOf('d'), order.join());
    assert.deepEqual(calls.busy, { running: 0, waiting: 0, bytes: 0 });
});

test('the host\'s own limit counts, and a call that is refused as busy is tried again', async (t) => {
    const { calls } = fakeCalls(t, { script: { calls: 3, busyOver: 1 } });
    const results = await Promise.all(Array.from({ length: 6 }, () => send(calls, { wait: 5 }).result));
    assert.deepEqual(results.map((result) => result.outcome), Array(6).fill('accepted'));
});

test('what waits is bounded in number and in bytes, and what is refused says so', async (t) => {
    const { calls } = fakeCalls(t, { limits: { calls: 1, queue: 2, bytes: 1000 } });
    const kept = [send(calls, { wait: 50 }), send(calls)];
    const full = await send(calls, {}).result;
    assert.equal(full.port, 'failed');
    assert.equal(full.document.error.id, 'host.queue_full');
    assert.match(full.document.error.message, /2 calls are waiting/);
    await Promise.all(kept.map((call) => call.result));
    const large = await send(calls, {}, { blobs: { a: Buffer.alloc(2000) } }).result;
    assert.equal(large.document.error.id, 'host.too_long');
    const half = send(calls, {}, { blobs: { a: Buffer.alloc(600) } });
    const other = await send(calls, {}, { blobs: { a: Buffer.alloc(600) } }).result;
    assert.equal(other.document.error.id, 'host.bytes_full');
    assert.equal((await half.result).outcome, 'accepted');
    assert.equal(calls.busy.bytes, 0);
});

test('blobs go as files that only this user reads, come back as Buffers, and none is left', async (t) => {
    const { calls, folder } = fakeCalls(t, { limits: { savedBytes: 100 } });
    const blobs = { chart: Buffer.from([104, 105]), note: 'ノート', '../up': 'x' };
    const { document, blobs: saved } = await send(calls, { save: 'whole' }, { blobs, save: ['eml'] }).result;
    assert.deepEqual(document.blobs.chart, { text: 'hi', mode: 0o600, bytes: 2 });
    assert.equal(document.blobs.note.text, 'ノート');
    assert.equal(document.blobs['../up'].text, 'x');
    assert.deepEqual(saved.eml, { bytes: 5, data: Buffer.from('whole') });
    const { blobs: large } = await send(calls, { save: 'x'.repeat(101) }, { save: ['eml'] }).result;
    assert.deepEqual(large.eml, { bytes: 101, data: null });
    await send(calls, { error: 'blob' }, { blobs }).result;
    const [place] = fs.readdirSync(folder).filter((name) => name.startsWith('blobs-'));
    await until(() => fs.readdirSync(path.join(folder, place)).length === 0, 'the folder is empty');
});

test('a call can be stopped while it waits, while it runs, and by a signal; its result is its own', async (t) => {
    const { calls, record } = fakeCalls(t, { limits: { calls: 1 } });
    const runs = send(calls, { hang: true });
    const waits = send(calls);
    const abort = new AbortController();
    const signalled = send(calls, {}, { signal: abort.signal });
    const aborted = send(calls, {}, { signal: AbortSignal.abort() });
    waits.cancel();
    abort.abort();
    for (const call of [waits, signalled, aborted]) {
        const result = await call.result;
        assert.equal(result.status, 'cancelled');
        assert.equal(result.outcome, 'cancelled');
        assert.equal(result.port, 'failed');
        assert.equal(result.document.error.id, 'host.cancelled');
    }
    await until(() => record().some((entry) => entry.configure));
    await new Promise((go) => setTimeout(go, 50));
    runs.cancel();
    assert.equal((await runs.result).outcome, 'cancelled');
    assert.equal(record().filter((entry) => entry.did).length, 0);
});

test('a call whose time is over while it waits fails, and the host gets what is left of the time', async (t) => {
    const { calls } = fakeCalls(t, { limits: { calls: 1 } });
    const { document } = await send(calls, {}, { timeoutMs: 60000 }).result;
    assert.ok(document.timeout_ms > 10000 && document.timeout_ms <= 60000, document.timeout_ms);
    const runs = send(calls, { hang: true });
    const late = await send(calls, {}, { timeoutMs: 30 }).result;
    assert.equal(late.outcome, 'failed');
    assert.equal(late.document.error.id, 'host.deadline');
    runs.cancel();
    await runs.result;
});

test('input that is no plain data or too large is refused with a sentence; the next call is unharmed', async (t) => {
    const { calls } = fakeCalls(t);
    const cyclic = {};
    cyclic.self = cyclic;
    let deep = {};
    for (let i = 0; i < 100; i++) deep = { deep };
    for (const input of [cyclic, { n: 1n }, deep]) {
        const { status, document } = await send(calls, input).result;
        assert.equal(status, 'invalid-input');
        assert.equal(document.error.id, 'host.not_plain');
        assert.match(document.error.message, /no plain data/);
    }
    const blob = await send(calls, {}, { blobs: { chart: 7 } }).result;
    assert.match(blob.document.error.message, /chart: only a Buffer or a string/);
    const large = await send(calls, { text: 'x'.repeat(9 * 1024 * 1024) }).result;
    assert.equal(large.document.error.id, 'host.too_long');
    const halves = await send(calls, { echo: '\ud800 \\ud800' }).result;
    assert.equal(halves.document.echo, '\ufffd \\ud800');
    const input = { echo: 'before' };
    const copied = send(calls, input);
    input.echo = 'after';
    assert.equal((await copied.result).document.echo, 'before');
});

test('what the host refuses fails with its sentence; what it has no time for waits for the next', async (t) => {
    const { calls } = fakeCalls(t);
    const refused = await send(calls, { error: 'unknown-operation' }).result;
    assert.equal(refused.document.error.id, 'host.unknown_operation');
    assert.equal(refused.document.error.retry.advice, 'after-fix');
    assert.match(refused.document.error.message, /refused as unknown-operation/);
    const before = (await send(calls).result).document.pid;
    const moved = await send(calls, { closing: true }).result;
    assert.equal(moved.outcome, 'accepted');
    assert.notEqual(moved.document.pid, before);
});
