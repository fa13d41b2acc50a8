// What becomes of messages when a flow node closes: at a deploy, and when Node-RED ends.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FakeAccount, FakeRed, accepted, deployed, failed, panel, settled} from './flow_fixture.mjs';

test('closing waits for what runs and routes it while its flow is there', async () => {
  const flow = deployed({account: new FakeAccount()});
  const given = flow.give({payload: 'x'});
  await settled();
  flow.account.calls[0].onProgress({stage: 'data'});
  let closed = false;
  const closing = flow.close().then(() => {
    closed = true;
  });
  await settled();
  assert.equal(closed, false);
  flow.account.calls[0].end(accepted());
  assert.equal((await given).port, 'accepted');
  await closing;
});

test('what waits goes on while the node closes', async () => {
  const flow = deployed({account: new FakeAccount()});
  const given = flow.give({payload: 'x'});
  await settled();
  const closing = flow.close();
  await settled();
  const [call] = flow.account.calls;
  assert.equal(call.cancelled, false);
  call.onProgress({stage: 'data'});
  call.end(accepted());
  assert.equal((await given).port, 'accepted');
  await closing;
});

test("what is not begun near the end of Node-RED's time ends as failed, and says that it was not sent", async () => {
  const flow = deployed({account: new FakeAccount(), options: {closingMs: 50}});
  const given = flow.give({payload: 'x'});
  await settled();
  await flow.close();
  const {port, msg} = await given;
  assert.equal(port, 'failed');
  assert.match(msg.mail.error.message, /stopped before this was sent/);
  assert.equal(msg.mail.error.id, 'host.stopping');
});

test('a result for a flow that is gone is logged and told to the node that took its place', async () => {
  const flow = deployed({account: new FakeAccount()});
  flow.give({_msgid: 'm7', payload: 'x'});
  await settled();
  flow.account.calls[0].onProgress({stage: 'data'});
  const closing = flow.close();
  flow.red.existing.clear();
  flow.account.calls[0].end(accepted());
  await closing;
  assert.match(flow.node.said[0][1], /result of message m7 came: outcome accepted, message <1@example\.test>/);
  flow.red.events.emit('flows:starting');
  const again = deployed({red: flow.red, host: flow.host, account: flow.account});
  assert.equal(again.node.sent.length, 0);
  flow.red.events.emit('flows:started');
  assert.equal(again.node.sent[0][0].mail.outcome, 'accepted');
  assert.equal(again.node.sent.length, 1);
});

test('closing does not wait for ever, and a late result is still told', async () => {
  const flow = deployed({account: new FakeAccount(), options: {closingMs: 20}});
  flow.give({_msgid: 'm8', payload: 'x'});
  await settled();
  flow.account.calls[0].onProgress({stage: 'data'});
  await flow.close();
  assert.match(flow.node.said[0][1], /stopped while message m8 was being worked on: outcome unknown/);
  const again = deployed({red: flow.red, host: flow.host, account: flow.account});
  flow.red.events.emit('flows:started');
  flow.account.calls[0].end(failed('', 'unknown'));
  await settled();
  assert.equal(
    again.node.sent[0].findIndex((one) => one),
    panel.ports.indexOf('unknown'),
  );
  assert.deepEqual(
    flow.node.said.map(([level]) => level),
    ['warn', 'warn'],
  );
});


test("Node-RED's own time for closing is heeded", async (t) => {
  const red = new FakeRed();
  red.settings.nodeCloseTimeout = 200;
  const flow = deployed({red, account: new FakeAccount()});
  flow.give({payload: 'x'});
  await settled();
  flow.account.calls[0].onProgress({stage: 'data'});
  t.mock.timers.enable({apis: ['setTimeout']});
  let closed = false;
  flow.close().then(() => {
    closed = true;
  });
  t.mock.timers.tick(199);
  await Promise.resolve();
  assert.equal(closed, true);
});

/** Delivers as Node-RED does: in a turn of its own, to the node that was there when it was sent. */
function delivering(flow, got) {
  flow.node.send = (outputs) => {
    const at = outputs.findIndex((one) => one !== null);
    for (const id of flow.node.wires[at]) {
      const target = flow.red.existing.get(id);
      if (target) setImmediate(() => target._inputCallback && got.push([id, outputs[at]]));
    }
  };
  return (msg) => flow.node.listeners.input(msg, flow.node.send, () => {});
}

/** As a stop of the flows: the nodes are closed and forgotten. */
function stopped(red, ...ids) {
  for (const id of ids) {
    red.existing.get(id)._inputCallback = null;
    red.existing.delete(id);
  }
}

const accounts = () => new FakeAccount();
const target = (id) => ({id, _inputCallback() {}});

test('a message that was sent in the turn in which the flows stop goes to the node that comes after', async () => {
  for (const closes of [true, false]) {
    const got = [];
    const flow = deployed({account: accounts()});
    const input = delivering(flow, got);
    flow.red.events.emit('flows:started');
    input({_msgid: 'm1', payload: 'x'});
    await settled();
    const [call] = flow.account.calls;
    call.end(accepted());
    const sent = flow.node.send;
    const closing = new Promise((resolve) => {
      flow.node.send = (outputs) => {
        sent(outputs);
        flow.red.events.emit('flows:stopping');
        stopped(flow.red, 'after-accepted');
        resolve(closes && flow.close());
      };
    });
    flow.node.listeners.input({_msgid: 'm2', payload: 'x'}, (outputs) => flow.node.send(outputs), () => {});
    await settled();
    flow.account.calls[1].end(accepted());
    await closing;
    await settled();
    assert.deepEqual(got.map(([, msg]) => msg._msgid), ['m1']);
    assert.match(flow.node.said.at(-1)[1], /message m2 came: outcome accepted/);
    const again = closes ? deployed({red: flow.red, host: flow.host, account: flow.account}) : flow;
    flow.red.existing.set('after-accepted', target('after-accepted'));
    const late = [];
    again.node.send = (outputs) => late.push(outputs[0]);
    flow.red.events.emit('flows:starting');
    flow.red.events.emit('flows:started');
    await settled();
    assert.deepEqual(late.map(({_msgid, mail}) => [_msgid, mail.outcome]), [['m2', 'accepted']]);
  }
});

test('a message that arrived is not routed again, and one that may have arrived is only logged', async () => {
  const wires = [['one', 'two'], [], [], [], []];
  for (const [ends, expected] of [[[], undefined], [['one'], /m3 .* on its way .*outcome accepted/]]) {
    const got = [];
    const flow = deployed({account: accounts(), config: {wires}});
    for (const id of ['one', 'two']) flow.red.existing.set(id, target(id));
    const input = delivering(flow, got);
    input({_msgid: 'm3', payload: 'x'});
    await settled();
    const sent = flow.node.send;
    flow.account.calls[0].end(accepted());
    const sending = new Promise((resolve) => {
      flow.node.listeners.input({_msgid: 'm3', payload: 'x'}, (outputs) => {
        sent(outputs);
        stopped(flow.red, ...ends);
        resolve(flow.close());
      }, () => {});
    });
    await settled();
    flow.account.calls[1].end(accepted());
    await sending;
    await settled();
    assert.equal(got.length, 4 - ends.length);
    if (expected) assert.match(flow.node.said.at(-1)[1], expected);
    else assert.deepEqual(flow.node.said, []);
    const again = deployed({red: flow.red, host: flow.host, account: flow.account, config: {wires}});
    flow.red.events.emit('flows:started');
    assert.equal(again.node.sent.length, 0);
  }
});
