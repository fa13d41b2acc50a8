// What a key stands for, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeCalls, send, until } from './fake_host.mjs';

test('the same content changes nothing; other content is a new component, the old one ends later', async (t) => {
    const { calls, record } = fakeCalls(t);
    const old = send(calls, { wait: 200 });
    await until(() => record().some((entry) => entry.configure));
    calls.use('account', { type: 'thing', settings: { host: 'a' }, secrets: { word: 'pssst-secret' } });
    const same = await send(calls).result;
    calls.use('account', { type: 'thing', settings: { host: 'a' }, secrets: { word: 'another' } });
    const fresh = await send(calls).result;
    const earlier = await old.result;
    assert.equal(same.document.component, earlier.document.component);
    assert.notEqual(fresh.document.component, earlier.document.component);
    await until(() => record().some((entry) => entry.unload));
    const names = record().map((entry) => entry.unload).filter(Boolean);
    assert.deepEqual(names, [earlier.document.component]);
    const order = record().map((entry) => entry.did || entry.unload);
    assert.ok(order.indexOf(old.id) < order.indexOf(names[0]));
});

test('settings are copied when they are given', async (t) => {
    const { calls } = fakeCalls(t);
    const settings = { host: 'kept' };
    calls.use('other', { type: 'thing', settings });
    settings.host = 'changed';
    const { document } = await send(calls, {}, { component: 'other' }).result;
    assert.deepEqual(document.settings, { host: 'kept' });
});

test('settings that are refused end the call with the component\'s document, and are tried again', async (t) => {
    const { calls, record } = fakeCalls(t);
    calls.use('wrong', { type: 'thing', settings: { wrong: true } });
    for (let i = 1; i <= 2; i++) {
        const { status, outcome, port, document } = await send(calls, {}, { component: 'wrong' }).result;
        assert.deepEqual([status, outcome, port], ['invalid-settings', 'failed', 'failed']);
        assert.equal(document.error.pointer, '/wrong');
        assert.equal(record().filter((entry) => entry.configure).length, i);
    }
    assert.equal(record().filter((entry) => entry.load).length, 1);
});

test('a component that is not there fails its calls only', async (t) => {
    const { calls } = fakeCalls(t);
    calls.use('gone', { type: 'absent', settings: {} });
    const [absent, unknown, good] = await Promise.all([
        send(calls, {}, { component: 'gone' }).result,
        send(calls, {}, { component: 'never-used' }).result,
        send(calls).result,
    ]);
    assert.equal(absent.document.error.id, 'host.not_installed');
    assert.equal(unknown.document.error.id, 'host.no_component');
    assert.equal(good.outcome, 'accepted');
});

test('a key that is dropped takes no new calls; those that wait are done; what is left is unloaded', async (t) => {
    const { calls, record } = fakeCalls(t, { limits: { calls: 1 } });
    const made = [send(calls, { wait: 20 }), send(calls)];
    calls.drop('account');
    calls.drop('never-used');
    assert.equal((await send(calls).result).document.error.id, 'host.no_component');
    for (const call of made) assert.equal((await call.result).outcome, 'accepted');
    calls.use('slow', { type: 'thing', settings: { wait: 200 } });
    const early = send(calls, {}, { component: 'slow' });
    await until(() => record().filter((entry) => entry.configure).length === 2);
    early.cancel();
    calls.drop('slow');
    await early.result;
    await until(() => record().filter((entry) => entry.unload).length === 2, 'both are unloaded');
});

test('a key is a plain name', (t) => {
    const { calls } = fakeCalls(t);
    for (const key of ['', 'a b', '../x', 'x'.repeat(101), 7]) {
        assert.throws(() => calls.use(key, { type: 'thing' }), /1 to 100 characters/);
    }
});
