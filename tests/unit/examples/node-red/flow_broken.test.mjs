// Messages of which Node-RED itself can make no copy: they end nothing but themselves.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FakeAccount, accepted, deployed, failed, panel, settled} from './flow_fixture.mjs';

const noWires = {wires: panel.ports.map(() => [])};
const deep = () => {
  let at = [];
  for (let i = 0; i < 100000; i++) at = [at];
  return at;
};
const throwing = () => Object.defineProperty({}, 'x', {
  enumerable: true,
  get() {
    throw new Error('ran');
  },
});
const broken = {
  'an array 100,000 deep in payload': () => ({_msgid: 'b1', payload: deep()}),
  'an array 100,000 deep in a member that nobody reads': () => ({_msgid: 'b1', payload: 'x', other: deep()}),
  'a getter that throws': () => ({_msgid: 'b1', payload: 'x', other: throwing()}),
};

// Whatever is not caught ends Node-RED, so it ends the test, too.
for (const [name, make] of Object.entries(broken)) {
  test(`${name}: the result goes to Catch without the message`, async () => {
    const flow = deployed({account: new FakeAccount(() => failed()), config: noWires});
    flow.give(make());
    await settled();
    const [{error, msg}] = flow.node.caught;
    assert.deepEqual([flow.node.caught.length, msg._msgid, msg.mail.outcome], [1, 'b1', 'failed']);
    assert.match(error.message, /Node-RED could not pass on the message itself/);
    assert.equal(error.mail.outcome, 'failed');
    const closed = await Promise.race([flow.close().then(() => true), settled()]);
    assert.equal(closed, true);
  });

  test(`${name}: a Complete node that cannot have it harms nothing`, async () => {
    const flow = deployed({account: new FakeAccount(() => accepted()), complete: true});
    flow.give(make());
    await settled();
    assert.equal(flow.node.caught.length, 1);
    assert.equal(flow.node.caught[0].msg._msgid, 'b1');
    assert.equal((await flow.give({payload: 'good'})).port.length > 0, true);
  });
}

test('a Catch node that throws leaves a line in the log, and a log that throws leaves nothing', async () => {
  for (const logs of [true, false]) {
    const flow = deployed({account: new FakeAccount(() => failed()), config: noWires});
    const said = [];
    flow.node.error = (text, msg) => {
      if (msg || !logs) throw new Error('no');
      said.push(String(text));
    };
    flow.give({_msgid: 'b2', payload: 'x', other: throwing()});
    await settled();
    if (logs) assert.match(said[0], /could not pass on/);
  }
});

test('a status that throws costs no message', async () => {
  const flow = deployed({account: new FakeAccount(() => accepted())});
  flow.node.status = () => {
    throw new Error('no');
  };
  assert.equal((await flow.give({payload: 'x'})).port, 'accepted');
});

test('a late result whose message cannot be copied, or whose id throws, does not keep the others', async () => {
  const flow = deployed({account: new FakeAccount(), config: noWires, options: {closingMs: 20}});
  const odd = Object.defineProperty({payload: 'x'}, '_msgid', {
    get() {
      throw new Error('ran');
    },
  });
  const torn = {_msgid: 'b3', payload: 'x', other: throwing()};
  for (const msg of [odd, torn, {_msgid: 'b4', payload: 'x'}]) flow.give(msg);
  await settled();
  for (const call of flow.account.calls) call.onProgress({stage: 'data'});
  await flow.close();
  for (const call of flow.account.calls) call.end(failed('', 'unknown'));
  await settled();
  const again = deployed({red: flow.red, host: flow.host, account: flow.account, config: noWires});
  flow.red.events.emit('flows:started');
  assert.deepEqual(again.node.caught.map(({msg}) => msg._msgid).slice(-2), ['b3', 'b4']);
  assert.equal(flow.node.said.length, 6);
});
