// Calls over the wfc that was built (WFC_BUILD), with the example component and with MailSend and the local inbox.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { alive, folderFor, lib, require, root, until, words } from './fake_host.mjs';

const { createCalls } = require(path.join(lib, 'calls.js'));
const build = process.env.WFC_BUILD;
const skip = build ? false : 'WFC_BUILD is not set';
const ports = ['accepted', 'partial', 'rejected', 'failed', 'unknown'];

function realCalls(t, limits = {}) {
    const folder = folderFor(t);
    const said = [];
    const calls = createCalls({
        command: path.join(build, 'wfc'),
        args: ['--components', path.join(build, 'components')],
        env: { ...process.env, WFC_HOME: path.join(folder, 'home') },
        log: (level, text) => said.push(`${level} ${text}`),
        words,
        limits,
    });
    t.after(() => calls.stop());
    return { calls, folder, said };
}

/** The local inbox with a script: {port, mails() → texts}. */
async function inbox(t, script = '', more = []) {
    const folder = folderFor(t);
    fs.writeFileSync(path.join(folder, 'script'), script);
    const ready = path.join(folder, 'ready.json');
    const store = path.join(folder, 'mails');
    const options = ['--port', '0', '--store', store, '--script', path.join(folder, 'script'), '--ready-file', ready];
    const child = spawn(path.join(build, 'inbox'), [...options, ...more], { stdio: ['ignore', 'ignore', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    await until(() => fs.existsSync(ready) && fs.readFileSync(ready, 'utf8').endsWith('}\n'), 'the inbox is ready');
    const mails = () => fs.readdirSync(store).filter((name) => name.endsWith('.eml'))
        .map((name) => fs.readFileSync(path.join(store, name), 'utf8'));
    return { port: JSON.parse(fs.readFileSync(ready, 'utf8')).port, mails };
}

function settings(port, more = {}) {
    return {
        server: { kind: 'custom', host: '127.0.0.1', port, security: 'none' },
        auth: { method: 'none' },
        from: 'Alice <alice@example.test>',
        ...more,
    };
}

function send(calls, input, more = {}) {
    const mail = { to: 'bob@example.test', subject: 'Hello', text: 'Hello', ...input };
    const call = { component: 'account', operation: 'send', input: mail, effects: 'at-most-once', ports };
    return calls.invoke({ ...call, ...more });
}

/** The children of this process that are a wfc. */
function hosts() {
    const list = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return list.map(Number).filter((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('wfc\0serve'));
}

test('the example component is configured and called, and refuses wrong settings itself', { skip }, async (t) => {
    const { calls } = realCalls(t);
    const schema = JSON.parse(fs.readFileSync(path.join(root, 'examples/minimal-component/settings.schema.json')));
    calls.use('greeter', { type: 'greet', settings: { nobody: 'knows this' } });
    const hello = { component: 'greeter', operation: 'hello', input: { name: 'Bob' }, effects: 'none' };
    const wrong = await calls.invoke(hello).result;
    assert.equal(wrong.status, 'invalid-settings');
    const given = Object.fromEntries((schema.required || []).map((name) => [name, 'Hello']));
    calls.use('greeter', { type: 'greet', settings: given });
    const good = await calls.invoke(hello).result;
    assert.equal(good.outcome, 'succeeded', JSON.stringify(good));
});

test('mail goes out with a blob and progress, a preview comes back, and no file is left', { skip }, async (t) => {
    const { calls, folder } = realCalls(t);
    const { port, mails } = await inbox(t);
    calls.use('account', { type: 'mail-send', settings: settings(port) });
    const stages = [];
    const attachments = [{ blob: 'chart', name: '図.txt', type: 'text/plain' }];
    const blobs = { chart: Buffer.from('the chart') };
    const sent = await send(calls, { attachments }, { blobs, onProgress: (event) => stages.push(event.stage) }).result;
    assert.equal(sent.port, 'accepted', JSON.stringify(sent));
    assert.ok(stages.includes('connect'), stages.join());
    assert.equal(mails().length, 1);
    const preview = await calls.invoke({
        component: 'account', operation: 'preview', effects: 'none', save: ['message.eml'],
        input: { to: 'bob@example.test', subject: 'Hello', text: 'Hello', attachments }, blobs,
    }).result;
    assert.equal(preview.outcome, 'succeeded', JSON.stringify(preview));
    assert.match(preview.blobs['message.eml'].data.toString(), /^Subject: Hello\r$/m);
    const left = () => fs.readdirSync(path.join(folder, 'home'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /^(in|out)-|message\.eml/.test(entry.name));
    await until(() => left().length === 0, 'no file is left');
});

test('a host that is killed at the end of data makes an unknown, and the next call goes out', { skip }, async (t) => {
    const { calls } = realCalls(t);
    const { port, mails } = await inbox(t, 'dot #1 delay 20s\n');
    calls.use('account', { type: 'mail-send', settings: settings(port) });
    const stages = [];
    const runs = send(calls, {}, { language: 'ja', onProgress: (event) => stages.push(event.stage) });
    await until(() => stages.includes('dot') || stages.includes('data'), 'the data is being sent');
    const [pid] = hosts();
    process.kill(pid, 'SIGKILL');
    const { outcome, port: leaves, document } = await runs.result;
    assert.deepEqual([outcome, leaves], ['unknown', 'unknown']);
    assert.match(document.error.message, /was ended by SIGKILL/);
    assert.match(document.error.explanation.title, /分かりません/);
    const second = await inbox(t);
    calls.use('account', { type: 'mail-send', settings: settings(second.port) });
    assert.equal((await send(calls).result).outcome, 'accepted');
    assert.equal(second.mails().length, 1);
    assert.ok(mails().length <= 1);
});

test('stop ends what hangs, with the component\'s own result, and the process is gone', { skip }, async (t) => {
    const { calls } = realCalls(t, { stopMs: 20000 });
    const { port } = await inbox(t, 'rcpt silence\n');
    const delivery = { pipelining: 'off' }; // or the message leaves together with the recipient
    calls.use('account', { type: 'mail-send', settings: settings(port, { delivery }) });
    const stages = [];
    const runs = send(calls, {}, { onProgress: (event) => stages.push(event.stage) });
    await until(() => stages.length > 2, 'the server is being talked to');
    const [pid] = hosts();
    await calls.stop();
    assert.ok(!alive(pid));
    const { outcome, port: leaves } = await runs.result;
    assert.deepEqual([outcome, leaves], ['cancelled', 'failed']);
});

test('a secret goes to the server and nowhere else', { skip }, async (t) => {
    const { calls, said } = realCalls(t, { logLevel: 'trace' });
    const { port } = await inbox(t, 'auth reply 535 5.7.139 Authentication unsuccessful\n', ['--auth-in-clear']);
    const password = { $secret: 'n1.auth_password' };
    const auth = { method: 'password', username: 'alice', password, allow_cleartext: true };
    const secrets = { 'n1.auth_password': 'pssst-Geheim-7' };
    calls.use('account', { type: 'mail-send', settings: settings(port, { auth, language: 'ja' }), secrets });
    const result = await send(calls).result;
    assert.equal(result.port, 'failed');
    assert.match(result.document.error.message, /535 5\.7\.139/);
    assert.ok(!JSON.stringify([result, said]).includes('pssst-Geheim'));
    assert.ok(said.length > 0);
});

test('a host that is told to end finishes what runs, and what waits goes out by the next one', { skip }, async (t) => {
    const { calls } = realCalls(t, { firstPauseMs: 50, calls: 4 });
    const { port, mails } = await inbox(t, 'dot delay 20ms\n');
    calls.use('account', { type: 'mail-send', settings: settings(port) });
    const made = Array.from({ length: 40 }, (_, index) => send(calls, { subject: `n${index}.` }));
    await until(() => mails().length > 4, 'some mails are there');
    const [before] = hosts();
    process.kill(before, 'SIGTERM');
    const outcomes = await Promise.all(made.map(async (call) => (await call.result).outcome));
    const subjects = mails().map((text) => Number(/^Subject: n(\d+)\.\r$/m.exec(text)[1]));
    assert.equal(new Set(subjects).size, subjects.length, 'no mail twice');
    // What was written to the process after it had read its last line is not known to have been left alone.
    const unknown = outcomes.filter((outcome) => outcome === 'unknown').length;
    assert.ok(unknown <= 4, `${unknown} unknown`);
    outcomes.forEach((outcome, index) => {
        if (outcome === 'accepted') assert.ok(subjects.includes(index), `mail ${index}`);
        else assert.equal(outcome, 'unknown');
    });
    assert.notEqual(hosts()[0], before);
});

test('two hundred mails and a kill -9: no mail twice, and each result tells the truth', { skip }, async (t) => {
    const { calls } = realCalls(t, { firstPauseMs: 50 });
    const { port, mails } = await inbox(t, 'dot delay 20ms\n');
    calls.use('account', { type: 'mail-send', settings: settings(port) });
    const made = Array.from({ length: 200 }, (_, index) => send(calls, { subject: `n${index}.` }));
    await until(() => mails().length > 40, 'some mails are there');
    process.kill(hosts()[0], 'SIGKILL');
    const results = await Promise.all(made.map((call) => call.result));
    const subjects = mails().map((text) => Number(/^Subject: n(\d+)\.\r$/m.exec(text)[1]));
    assert.equal(new Set(subjects).size, subjects.length, 'no mail twice');
    results.forEach(({ outcome }, index) => {
        if (outcome === 'accepted') assert.ok(subjects.includes(index), `mail ${index}`);
        else assert.equal(outcome, 'unknown');
    });
    assert.ok(results.filter(({ outcome }) => outcome === 'unknown').length <= 16);
});
