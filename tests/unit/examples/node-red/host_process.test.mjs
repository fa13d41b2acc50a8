// What becomes of calls when the process behind them dies, does not start or is not there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { alive, fakeCalls, folderFor, lib, require, send, until, words } from './fake_host.mjs';

const { createCalls } = require(path.join(lib, 'calls.js'));
const { findWfc } = require(path.join(lib, 'find_wfc.js'));

test('a call that runs when the process dies is unknown, or failed without effects; what waits is done', async (t) => {
    const { calls, record } = fakeCalls(t, { limits: { calls: 3 } });
    const runs = send(calls, { hang: true, progress: 1 });
    const reads = send(calls, { hang: true }, { effects: 'none' });
    const first = send(calls, { wait: 50, die: 'after' });
    const waits = Array.from({ length: 20 }, () => send(calls));
    for (const call of [runs, first]) {
        const { status, outcome, port, document } = await call.result;
        assert.deepEqual([status, outcome, port], ['failed', 'unknown', 'unknown']);
        const { id, stage, class: kind, retry, message, explanation } = document.error;
        assert.deepEqual([id, stage, kind, retry.advice], ['host.ended', 'host', 'unknown', 'never']);
        assert.match(message, /ended with code 9.*may have been done/);
        assert.match(explanation.title, /not known/);
    }
    const { outcome, document } = await reads.result;
    assert.equal(outcome, 'failed');
    assert.equal(document.error.retry.advice, 'backoff');
    for (const call of waits) assert.equal((await call.result).outcome, 'accepted');
    const did = record().filter((entry) => entry.did).map((entry) => entry.did);
    assert.equal(new Set(did).size, did.length, 'nothing is done twice');
    assert.equal(did.length, 21);
    assert.equal(record().filter((entry) => entry.started).length, 2);
});

test('200 calls and a kill -9 in the middle: each ends once, truthfully, and nothing is done twice', async (t) => {
    const { calls, record } = fakeCalls(t);
    const made = Array.from({ length: 200 }, () => send(calls, { wait: 20 }));
    await until(() => record().filter((entry) => entry.did).length > 50);
    process.kill(record().find((entry) => entry.started).started, 'SIGKILL');
    const results = await Promise.all(made.map((call) => call.result));
    const did = record().filter((entry) => entry.did).map((entry) => entry.did);
    assert.equal(new Set(did).size, did.length, 'nothing is done twice');
    const unknown = results.filter((result) => result.outcome === 'unknown').length;
    assert.ok(unknown <= 16, `${unknown} were running`);
    made.forEach((call, index) => {
        const { outcome } = results[index];
        if (outcome === 'accepted') assert.ok(did.includes(call.id));
        else assert.equal(outcome, 'unknown');
    });
    assert.equal((await send(calls).result).outcome, 'accepted');
});

test('explanations are in the language of the call, messages in English', async (t) => {
    const { calls } = fakeCalls(t);
    const { document } = await send(calls, { die: 'before' }, { language: 'ja' }).result;
    assert.match(document.error.message, /wfc serve ended/);
    assert.match(document.error.explanation.title, /分かりません/);
    assert.match(document.error.explanation.steps[0], /やり直してください/);
});

test('a component that ends the process while it is configured is tried a few times; the others go on', async (t) => {
    const { calls, record } = fakeCalls(t, { limits: { longestPauseMs: 50 } });
    calls.use('deadly', { type: 'thing', settings: { die: true } });
    const { outcome, document } = await send(calls, {}, { component: 'deadly' }).result;
    assert.equal(outcome, 'failed');
    assert.match(document.error.message, /ended 5 times before this could begin/);
    assert.equal(record().filter((entry) => entry.started).length, 5);
    assert.equal((await send(calls).result).outcome, 'accepted');
    calls.use('once', { type: 'thing', settings: { die: 'first' } });
    assert.equal((await send(calls, {}, { component: 'once' }).result).outcome, 'accepted');
});

test('a process that says no hello is killed and started again', async (t) => {
    const script = { hello: 'never', once: ['hello'] };
    const { calls, record, said } = fakeCalls(t, { script, limits: { helloMs: 1500 } });
    assert.equal((await send(calls).result).outcome, 'accepted');
    const pids = record().filter((entry) => entry.started).map((entry) => entry.started);
    assert.ok(pids.length >= 2);
    await until(() => !alive(pids[0]));
    assert.ok(said.some((line) => line.includes('did not say hello in time')), said.join('\n'));
});

test('starts that come to nothing have growing pauses; then what waits fails with what it said', async (t) => {
    const limits = { starts: 3, firstPauseMs: 50 };
    const { calls, record, said } = fakeCalls(t, { script: { dies: 'at-start' }, limits });
    const began = performance.now();
    const results = await Promise.all([send(calls).result, send(calls).result]);
    assert.ok(performance.now() - began >= 150, '50 and 100 ms between three starts');
    for (const { outcome, document } of results) {
        assert.equal(outcome, 'failed');
        assert.equal(document.error.id, 'host.start');
        assert.match(document.error.message, /ended with code 78: cannot read the configuration/);
    }
    assert.equal(record().filter((entry) => entry.started).length, 3);
    assert.ok(said.some((line) => line.startsWith('error ') && line.includes('cannot read the configuration')));
    await send(calls).result;
    assert.equal(record().filter((entry) => entry.started).length, 4, 'the next call tries once more');
});

test('another protocol is an end with a reason', async (t) => {
    const { calls } = fakeCalls(t, { script: { hello: 'refused' }, limits: { starts: 1 } });
    const { document } = await send(calls).result;
    assert.match(document.error.message, /this host speaks protocol 2/);
});

test('without wfc a call fails at once and says what to do; it is looked for again at the next call', async (t) => {
    let there = false;
    const asked = [];
    const { calls, folder } = fakeCalls(t, {
        command: () => {
            asked.push(1);
            return findWfc({ env: { WFC: there ? fake : path.join(folder, 'nothing') } });
        },
    });
    const fake = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), 'fake_serve.mjs');
    const { outcome, document } = await send(calls).result;
    assert.equal(outcome, 'failed');
    assert.equal(document.error.id, 'host.missing');
    assert.match(document.error.message, /WFC names .*nothing, which is no program/);
    assert.match(document.error.explanation.steps[0], /Install wfc, or set the environment variable WFC/);
    await new Promise((go) => setTimeout(go, 100));
    assert.equal(asked.length, 1, 'nobody asks in between');
    there = true;
    assert.equal((await send(calls).result).outcome, 'accepted');
});

test('a program that cannot be run is as one that is missing', async (t) => {
    const folder = folderFor(t);
    fs.writeFileSync(path.join(folder, 'wfc'), 'x', { mode: 0o644 });
    for (const command of [path.join(folder, 'wfc'), path.join(folder, 'none')]) {
        const calls = createCalls({ command, words });
        calls.use('account', { type: 'thing', settings: {} });
        const { document } = await send(calls).result;
        assert.equal(document.error.id, 'host.missing');
        assert.match(document.error.message, /cannot be run \((EACCES|ENOENT)\)/);
        await calls.stop();
    }
});

test('what is no line is logged and harms nothing; the host\'s log is logged, no secret is', async (t) => {
    const script = { says: 'a line\nwith \u001b[31m colour' };
    const { calls, said } = fakeCalls(t, { script, limits: { logLevel: 'trace' } });
    assert.equal((await send(calls, { junk: true }).result).outcome, 'accepted');
    const text = said.join('\n');
    assert.match(text, /warning wfc serve wrote what is no line of the protocol: Segmentation \\u\{1b\}\[31m fault/);
    assert.match(text, /warning script text="a line\\nwith/);
    assert.ok(!text.includes('\u001b'));
    assert.ok(!text.includes('pssst-secret'));
    assert.ok(said.every((line) => line.length < 1200));
});

test('a result without a document is unknown, and a line that is too long is the end of the process', async (t) => {
    const { calls, said } = fakeCalls(t);
    const wide = await send(calls, { wide: true }).result;
    assert.equal(wide.outcome, 'unknown');
    assert.equal(wide.document.error.id, 'host.unreadable');
    const long = await send(calls, { long: true }).result;
    assert.equal(long.outcome, 'unknown');
    assert.equal((await send(calls).result).outcome, 'accepted');
    assert.ok(said.some((line) => line.includes('too long')));
});

test('what a process that reads nothing was not given is done by the next; its pipe is not filled', async (t) => {
    const { calls, record } = fakeCalls(t);
    await send(calls).result;
    const { started } = record().find((entry) => entry.started);
    process.kill(started, 'SIGSTOP');
    const text = 'x'.repeat(4 * 1024 * 1024);
    const made = Array.from({ length: 10 }, () => send(calls, { text }));
    await until(() => calls.busy.running === 10);
    assert.ok(calls.busy.bytes >= 8 * 4 * 1024 * 1024, `${calls.busy.bytes} bytes wait on this side`);
    const early = made.pop();
    early.cancel();
    assert.equal((await early.result).document.error.id, 'host.cancelled');
    process.kill(started, 'SIGKILL');
    const outcomes = (await Promise.all(made.map((call) => call.result))).map((result) => result.outcome).sort();
    assert.equal(outcomes.filter((outcome) => outcome === 'accepted').length, 8, outcomes.join());
    assert.equal(outcomes.at(-1), 'unknown', 'one was in the pipe');
    const did = record().filter((entry) => entry.did).map((entry) => entry.did);
    assert.equal(new Set(did).size, did.length);
});

test('stop lets calls finish, ends the others, and leaves no process; later calls fail at once', async (t) => {
    const { calls, record } = fakeCalls(t, { limits: { calls: 2 } });
    let begun = 0;
    const onProgress = () => begun++;
    const quick = send(calls, { progress: 1, wait: 200 }, { onProgress });
    const hangs = send(calls, { progress: 1, hang: true }, { onProgress });
    const waits = send(calls);
    await until(() => begun === 2);
    await calls.stop();
    assert.equal((await quick.result).outcome, 'accepted');
    assert.equal((await hangs.result).outcome, 'cancelled');
    assert.equal((await waits.result).document.error.id, 'host.stopping');
    assert.equal((await send(calls).result).document.error.id, 'host.stopping');
    await calls.stop();
    assert.ok(!alive(record().find((entry) => entry.started).started));
    assert.equal(record().filter((entry) => entry.started).length, 1);
});

test('a process that does not end is killed, and what ran in it is unknown', async (t) => {
    const { calls, record } = fakeCalls(t, { script: { stubborn: true }, limits: { stopMs: 300 } });
    const hangs = send(calls, { hang: true, progress: 1 }, { onProgress: () => calls.stop() });
    assert.equal((await hangs.result).outcome, 'unknown');
    await calls.stop();
    assert.ok(!alive(record().find((entry) => entry.started).started));
});

test('stop before anything was started, and while it starts, is no trouble', async (t) => {
    const { calls } = fakeCalls(t);
    await calls.stop();
    const { calls: starting, record } = fakeCalls(t, { script: { hello: 'never' } });
    const call = send(starting);
    await until(() => record().length > 0);
    await starting.stop();
    assert.equal((await call.result).document.error.id, 'host.stopping');
});

for (const end of ['SIGKILL', 'exit']) {
    test(`when this side ends by ${end} without stopping it, the process does not stay behind`, async (t) => {
        const folder = folderFor(t);
        const program = `
            const { createCalls } = require(${JSON.stringify(path.join(lib, 'calls.js'))});
            const calls = createCalls({ command: process.argv[1], words: () => undefined });
            calls.use('a', { type: 'thing', settings: {} });
            calls.invoke({ component: 'a', operation: 'do', input: {} }).result
                .then((result) => console.log(result.document.pid))
                .then(() => ${end === 'exit' ? 'setTimeout(process.exit, 100, 0)' : 'setInterval(() => {}, 1000)'});`;
        const fake = new URL('fake_serve.mjs', import.meta.url).pathname;
        const env = { ...process.env, FAKE_SERVE: JSON.stringify({ folder }) };
        const parent = spawn(process.execPath, ['-e', program, fake], { env, stdio: ['ignore', 'pipe', 'inherit'] });
        t.after(() => parent.kill('SIGKILL'));
        const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
        assert.ok(alive(pid));
        if (end === 'SIGKILL') parent.kill('SIGKILL');
        await until(() => !alive(pid));
    });
}
