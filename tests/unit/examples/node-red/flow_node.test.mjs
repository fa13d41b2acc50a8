import assert from 'node:assert/strict';
import test from 'node:test';
import {FakeAccount, accepted, deployed, failed, greetPanel, lib, panel, settled} from './flow_fixture.mjs';

const noWires = {wires: panel.ports.map(() => [])};

test('a message leaves by the port of its result, unchanged but for the document', async () => {
  for (const outcome of ['accepted', 'partial', 'rejected', 'failed', 'unknown']) {
    const result = outcome === 'accepted' ? accepted() : failed('t', outcome);
    const flow = deployed({account: new FakeAccount(() => result)});
    const msg = {_msgid: '1', payload: 'x', to: 'a@x.test', other: {kept: true}};
    const seen = await flow.give(msg);
    assert.equal(seen.port, outcome);
    assert.equal(seen.msg, msg);
    assert.equal(msg.mail, result.document);
    assert.deepEqual(msg.other, {kept: true});
    assert.deepEqual([seen.dones, seen.error], [1, undefined]);
  }
});

test('what is cancelled leaves by failed', async () => {
  const flow = deployed({account: new FakeAccount(() => failed('t', 'cancelled'))});
  assert.equal((await flow.give({payload: 'x'})).port, 'failed');
});

test('a result whose port has no wire goes to Catch, with the document', async () => {
  const bad = failed();
  const flow = deployed({account: new FakeAccount(() => bad), config: noWires});
  const msg = {payload: 'x'};
  const seen = await flow.give(msg);
  assert.equal(seen.port, undefined);
  assert.equal(seen.error.message, 'the sentence');
  assert.deepEqual([String(seen.error), seen.error.stack], ['the sentence', 'the sentence']);
  assert.equal(seen.error.mail, bad.document);
  assert.equal(msg.mail, bad.document);
  const good = await deployed({config: noWires}).give({payload: 'x'});
  assert.deepEqual([good.dones, good.error], [1, undefined]);
  const part = {...failed('t', 'partial'), document: {format: 1, outcome: 'partial'}};
  const partial = await deployed({account: new FakeAccount(() => part), config: noWires}).give({payload: 'x'});
  assert.match(partial.error.message, /panel\.node\.unwired/);
});

test('fields of every type are evaluated', async () => {
  const flow = deployed({
    config: {
      to: 'extra.to',
      to_type: 'msg',
      cc: 'stored',
      cc_type: 'flow',
      subject: '$uppercase(payload)',
      subject_type: 'jsonata',
      text: 'fixed',
      text_type: 'str',
      bcc: '["b@x.test"]',
      bcc_type: 'json',
      date: '',
      date_type: 'date',
      html: '',
      html_type: 'str',
      from: 'MAIL_FROM_OF_TEST',
      from_type: 'env',
    },
  });
  flow.red.stored = {stored: 'c@x.test'};
  process.env.MAIL_FROM_OF_TEST = 'f@x.test';
  await flow.give({payload: 'hi', extra: {to: [{name: 'A', address: 'a@x.test'}]}});
  const {input} = flow.account.calls[0];
  assert.match(input.date, /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual(JSON.parse(JSON.stringify({...input, date: undefined})), {
    to: [{name: 'A', address: 'a@x.test'}],
    cc: 'c@x.test',
    subject: 'HI',
    text: 'fixed',
    bcc: 'b@x.test',
    from: 'f@x.test',
  });
});

test('a field that cannot be evaluated fails the message by name', async () => {
  const flow = deployed({config: {subject: '$error("no")', subject_type: 'jsonata'}, options: {prefix: 'P: '}});
  const {port, msg} = await flow.give({payload: 'x'});
  assert.equal(port, 'failed');
  assert.match(msg.mail.error.message, /^P: The field subject cannot be evaluated \(jsonata\): /);
  assert.deepEqual(
    [msg.mail.error.id, msg.mail.error.stage, flow.account.calls.length],
    ['input.invalid', 'input', 0],
  );
});

test('each message is new work unless a key is mapped', async () => {
  const flow = deployed();
  await flow.give({payload: 'x'});
  await flow.give({payload: 'x'});
  const [first, second] = flow.account.calls;
  assert.match(first.call, /^[0-9a-f-]{36}$/);
  assert.notEqual(first.call, second.call);
  assert.equal(first.input.idempotency_key, undefined);
  const keyed = deployed({config: {call_id: 'key', call_id_type: 'msg'}});
  await keyed.give({payload: 'x', key: 'order-1'});
  await keyed.give({payload: 'x', key: 'order-1'});
  assert.deepEqual(
    keyed.account.calls.map(({call}) => call),
    ['order-1', 'order-1'],
  );
  assert.equal((await keyed.give({payload: 'x', key: '注文'.repeat(42)})).port, 'accepted');
  for (const key of [undefined, '', {}, 'x'.repeat(257), '注文'.repeat(43), 'a\nb']) {
    const {port, msg} = await keyed.give({payload: 'x', key});
    assert.equal(port, 'failed');
    const sentence = /^The field "en:label.call_id" \(call_id\) must come to a string of 1 to 256 bytes in one line/;
    assert.match(msg.mail.error.message, sentence);
  }
});

test('malformed messages leave by failed and harm nothing', async () => {
  const flow = deployed();
  const cyclic = {};
  cyclic.self = cyclic;
  const bad = [
    {payload: cyclic},
    {payload: Buffer.alloc(100 * 1024 * 1024)},
    {payload: 'x', to: () => {}},
    {
      get payload() {
        throw new Error('ran');
      },
    },
    Object.freeze({payload: 1n}),
    new Proxy({payload: 'x'}, {}),
    {},
    new Proxy(
      {},
      {
        get() {
          throw new Error('ran');
        },
        set() {
          throw new Error('ran');
        },
        ownKeys() {
          throw new Error('ran');
        },
      },
    ),
  ];
  for (const msg of bad) {
    const seen = await flow.give(msg);
    assert.equal(seen.port, 'failed');
    assert.equal(seen.msg.mail.error.id, 'input.invalid');
    assert.equal(seen.dones, 1);
  }
  assert.equal(flow.account.calls.length, 0);
  assert.equal((await flow.give({payload: 'good'})).port, 'accepted');
});

test('a node without an account says so', async () => {
  const flow = deployed({account: null});
  const {port, msg} = await flow.give({payload: 'x'});
  assert.deepEqual([port, msg.mail.error.id], ['failed', 'host.no_account']);
});

test('warnings stand beside those of the component, and once in the log', async () => {
  const flow = deployed({
    config: {use_headers: true},
    account: new FakeAccount(() => accepted({warnings: ['own']})),
  });
  const msg = {payload: 'x', headers: {Cookie: 'c'}};
  const {
    msg: {mail},
  } = await flow.give(msg);
  await flow.give({...msg});
  assert.equal(mail.warnings.length, 2);
  assert.equal(mail.warnings[0], 'own');
  assert.match(mail.warnings[1], /^The header Cookie was left out/);
  assert.equal(flow.node.said.length, 1);
});

test('the status tells connecting, how far it is, and how it ended', async () => {
  const {status} = lib('stock_words.js');
  const flow = deployed({account: new FakeAccount(), options: {status, connecting: ['connect']}});
  const texts = () => flow.node.statuses.map(({text}) => text);
  const given = [1, 2, 3].map(() => flow.give({payload: 'x'}));
  await settled();
  assert.deepEqual(flow.node.statuses[0], {fill: 'yellow', shape: 'ring', text: 'connecting'});
  const [first, second, third] = flow.account.calls;
  first.onProgress({stage: 'connect'});
  first.onProgress({stage: 'data'});
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(texts().at(-1), 'sending 1/3');
  first.end(accepted());
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(texts().at(-1), 'sending 2/3');
  second.end(failed('The title'));
  third.end(accepted());
  await Promise.all(given);
  assert.deepEqual(flow.node.statuses.at(-1), {fill: 'red', shape: 'ring', text: 'The title'});
  const last = flow.give({payload: 'x'});
  await settled();
  flow.account.calls[3].end(accepted());
  await last;
  assert.deepEqual(flow.node.statuses.at(-1), {fill: 'green', shape: 'dot', text: 'sent'});
  await flow.close();
  assert.deepEqual(flow.node.statuses.at(-1), {});
});

test('the status says that a message waits, until it goes on', async () => {
  const {status} = lib('stock_words.js');
  const flow = deployed({account: new FakeAccount(), options: {status, connecting: ['connect']}});
  const shown = async () => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return flow.node.statuses.at(-1);
  };
  const waiting = {fill: 'yellow', shape: 'ring', text: 'waiting'};
  const given = flow.give({payload: 'x'});
  await settled();
  const [call] = flow.account.calls;
  call.onProgress({stage: 'connect', retry_in_ms: 3000});
  assert.deepEqual(await shown(), waiting);
  call.onProgress({stage: 'connect'});
  assert.equal((await shown()).text, 'connecting');
  call.onProgress({stage: 'mail', queued: true});
  assert.deepEqual(await shown(), waiting);
  call.onProgress({stage: 'data'});
  assert.equal((await shown()).text, 'sending');
  call.onProgress({stage: 'mail', queued: true});
  const other = flow.give({payload: 'y'});
  assert.equal((await shown()).text, 'sending 1/2', 'another one is on its way');
  call.end(accepted());
  flow.account.calls[1].end(accepted());
  await Promise.all([given, other]);
  await flow.close();
});

test('an unknown result is yellow', async () => {
  const flow = deployed({account: new FakeAccount(() => failed('Not known', 'unknown'))});
  await flow.give({payload: 'x'});
  assert.deepEqual(flow.node.statuses.at(-1), {fill: 'yellow', shape: 'ring', text: 'Not known'});
});

test('any other component works without code of its own', async () => {
  const result = {
    status: 'ok',
    outcome: 'succeeded',
    port: 'succeeded',
    blobs: {},
    document: {format: 1, outcome: 'succeeded'},
  };
  const config = {name: 'the name of the node', name_type: 'str'};
  const flow = deployed({of: greetPanel, account: new FakeAccount(() => result), config});
  const {port, msg} = await flow.give({payload: 'x'});
  assert.equal(port, 'succeeded');
  assert.equal(msg.greet, result.document);
  assert.deepEqual({...flow.account.calls[0].input}, {name: 'the name of the node'});
  assert.equal(flow.account.calls[0].operation, 'hello');
});
