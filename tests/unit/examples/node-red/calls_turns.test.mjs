// Whose turn it is: many accounts and people share one process.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fakeCalls, lib, require, send, until } from './fake_host.mjs';

const { CallQueue } = require(path.join(lib, 'call_queue.js'));

test('a server that hangs stops neither another account nor a person', async (t) => {
    const { calls } = fakeCalls(t, { limits: { calls: 4 } });
    for (const key of ['b', 'c']) calls.use(key, { type: 'thing', settings: {} });
    const stuck = Array.from({ length: 10 }, () => send(calls, { hang: true }));
    await until(() => calls.busy.running === 4);
    const own = [...'bcbc'].map((component) => send(calls, {}, { component }));
    const people = Array.from({ length: 6 }, () => send(calls, {}, { ahead: true }));
    for (const call of [...own, ...people]) assert.equal((await call.result).outcome, 'accepted');
    assert.deepEqual([calls.busy.running, calls.busy.waiting], [4, 6]);
    for (const call of stuck) call.cancel();
    await Promise.all(stuck.map((call) => call.result));
});

test('the host is told how many calls may come', async (t) => {
    const { calls, record } = fakeCalls(t, { limits: { calls: 4 } });
    await send(calls).result;
    const { args } = record().find((entry) => entry.started);
    assert.ok(Number(args[args.indexOf('--calls') + 1]) >= 4 + 8 + 8);
});

test('accounts that wait take turns, whoever came first', async (t) => {
    const { calls } = fakeCalls(t, { limits: { calls: 2 } });
    calls.use('late', { type: 'thing', settings: {} });
    const order = [];
    const add = (component) => {
        const call = send(calls, { wait: 10 }, { component });
        return call.result.then(() => order.push(component));
    };
    const first = Array.from({ length: 20 }, () => add('account'));
    const last = Array.from({ length: 5 }, () => add('late'));
    await Promise.all([...first, ...last]);
    assert.ok(order.lastIndexOf('late') < 16, order.join());
});

test('the queue gives the one who runs least, and keeps what came back in front', () => {
    const queue = new CallQueue(10, 100);
    const make = (id, component, more) => ({ id, component, bytes: 1, ...more });
    const [a, b] = [{}, {}];
    const a1 = make('a1', a);
    for (const call of [a1, make('a2', a), make('a3', a), make('b1', b)]) queue.add(call);
    assert.equal(queue.take(2).id, 'a1');
    assert.equal(queue.take(2).id, 'b1');
    assert.equal(queue.take(2), undefined, 'both have theirs');
    queue.add(make('p', a, { ahead: true }));
    assert.equal(queue.take(2).id, 'p');
    queue.putBack(a1);
    assert.equal(queue.take(2).id, 'a1');
    assert.deepEqual([queue.length, queue.running], [2, 3]);
    queue.ended(a1);
    assert.equal(queue.remove(a1), false);
    const last = ['a2', 'a3'].map(() => {
        const call = queue.take(3);
        assert.ok(call.id === 'a2' || call.id === 'a3');
        return call;
    });
    assert.equal(queue.take(9), undefined);
    for (const call of last) queue.written(call);
    assert.equal(queue.bytes, 3);
});
