import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {FakeRed, lib, nodePackage, panel} from './flow_fixture.mjs';

const {createHost} = lib('register.js');
const fakeServe = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fake_serve.mjs');

function folderFor(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'register-'));
  t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** RED with what registration needs besides; `flow` is the deployed configuration. */
function redFor(settings = {}) {
  const red = new FakeRed();
  red.settings = settings;
  red.flow = [];
  red.nodes.eachNode = (visit) => red.flow.forEach(visit);
  red.log = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, () => {}]));
  red.auth = {needsPermission: () => () => {}};
  red.httpAdmin = {post() {}};
  return red;
}

test('a message goes through the package and its host', async (t) => {
  const folder = folderFor(t);
  process.env.FAKE_SERVE = JSON.stringify({folder});
  t.after(() => {
    delete process.env.FAKE_SERVE;
  });
  const red = redFor({userDir: folder, mailSend: {wfc: fakeServe}});
  const made = {};
  const createNode = red.nodes.createNode;
  red.nodes.createNode = (node, config) => {
    createNode(node, config);
    made[config.id] = node;
    red.existing.set(config.id, node);
  };
  const {default: install} = await import(path.join(nodePackage, 'mail-send.js'));
  install(red);
  assert.deepEqual([...red.types.keys()].sort(), [panel.node, panel.account]);
  const Account = red.types.get(panel.account);
  const Flow = red.types.get(panel.node);
  new Account({
    id: 'acc',
    language: 'ja',
    server_kind: 'custom',
    server_host: 'x.test',
    server_port: '25',
    auth_method: 'none',
  });
  new Flow({id: 'n', account: 'acc', to: 'a@x.test', to_type: 'str', wires: [['after'], [], [], [], []]});
  const out = await new Promise((resolve, reject) => {
    made.n.listeners.input({payload: 'x'}, resolve, (error) => error && reject(error));
  });
  assert.equal(out[0].mail.outcome, 'accepted');
  assert.equal(out[0].mail.settings.language, 'ja');
  assert.equal(made.n.statuses.at(-1).text, '送信済み');
  await new Promise((resolve) => made.n.listeners.close(false, resolve));
  await new Promise((resolve) => made.acc.listeners.close(false, resolve));
  t.mock.timers.enable({apis: ['setTimeout']});
  red.events.emit('flows:stopped');
  t.mock.timers.tick(2000);
  t.mock.timers.reset();
  const {pid} = out[0].mail;
  for (let tries = 0; tries < 500 && alive(pid); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(alive(pid), false);
});

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('all nodes share one host, which a deploy keeps and the end of the flows replaces', (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  const red = redFor();
  red.flow = [{type: panel.account}];
  const host = createHost(red, panel, nodePackage);
  const first = host.calls();
  assert.equal(host.calls(), first);
  red.events.emit('flows:stopped');
  red.events.emit('flows:starting');
  red.events.emit('flows:started');
  t.mock.timers.tick(60000);
  assert.equal(host.calls(), first);
  red.events.emit('flows:stopped');
  t.mock.timers.tick(2000);
  const second = host.calls();
  assert.notEqual(second, first);
  red.flow = [];
  red.events.emit('flows:started');
  assert.notEqual(host.calls(), second);
});

/** Lets time pass, so that timers may set timers. */
function seconds(t, count) {
  for (let i = 0; i < count; i++) t.mock.timers.tick(1000);
}

/** A host whose calls are as busy as a test says. */
function busyHost(red, busy) {
  const host = createHost(red, panel, nodePackage);
  const calls = host.calls();
  Object.defineProperty(calls, 'busy', {get: () => ({running: busy.running, waiting: 0})});
  return {host, calls};
}

test('the end of the flows waits for what a person is doing', (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  const red = redFor();
  const busy = {running: 1};
  const {host, calls} = busyHost(red, busy);
  red.events.emit('flows:stopped');
  seconds(t, 10);
  assert.equal(calls.stopping, undefined);
  assert.equal(host.calls(), calls);
  busy.running = 0;
  seconds(t, 4);
  assert.notEqual(calls.stopping, undefined);
  const later = host.calls();
  assert.notEqual(later, calls, 'a person may still do something while the flows are stopped');
  seconds(t, 4);
  assert.notEqual(later.stopping, undefined);
  red.events.emit('flows:starting');
  const last = host.calls();
  t.mock.timers.tick(60000);
  assert.equal(last.stopping, undefined);
});

test('where no flow uses it, it ends when the last call has', (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  const red = redFor();
  const busy = {running: 1};
  const {calls} = busyHost(red, busy);
  red.events.emit('flows:started');
  seconds(t, 10);
  assert.equal(calls.stopping, undefined);
  busy.running = 0;
  seconds(t, 4);
  assert.notEqual(calls.stopping, undefined);
});

test('there are never two processes: the next one waits for the end of the one before', async (t) => {
  const folder = folderFor(t);
  process.env.FAKE_SERVE = JSON.stringify({folder});
  t.after(() => delete process.env.FAKE_SERVE);
  const host = createHost(redFor({userDir: folder, mailSend: {wfc: fakeServe}}), panel, nodePackage);
  const send = (input) => {
    host.calls().use('a', {type: 'thing', settings: {}});
    return host.calls().invoke({component: 'a', operation: 'do', input, effects: 'sends'});
  };
  const first = send({wait: 200});
  while (!first.begun) await new Promise((resolve) => setTimeout(resolve, 10));
  const stopped = host.stop();
  const second = send({});
  assert.equal((await second.result).outcome, 'accepted');
  assert.equal((await first.result).outcome, 'accepted');
  await Promise.all([stopped, host.stop()]);
  const lines = fs.readFileSync(path.join(folder, 'record'), 'utf8').trim().split('\n');
  const record = lines.map((line) => JSON.parse(line));
  const order = record.flatMap((entry) => Object.keys(entry).filter((name) => ['started', 'ended'].includes(name)));
  assert.deepEqual(order, ['started', 'ended', 'started', 'ended']);
  assert.ok(record.findIndex(({did}) => did === first.id) < record.findLastIndex(({started}) => started));
});

test('the words are those of the language, and English where there are none', (t) => {
  const packageDir = folderFor(t);
  for (const [folder, catalogue] of [
    ['en-US', {panel: {a: 'one __n__', b: 'two'}}],
    ['ja', {panel: {a: '一 __n__'}}],
  ]) {
    fs.mkdirSync(path.join(packageDir, 'locales', folder), {recursive: true});
    fs.writeFileSync(path.join(packageDir, 'locales', folder, `${panel.type}.json`), JSON.stringify(catalogue));
  }
  const words = lib('words.js').createWords({packageDir, panel});
  assert.equal(words('ja', 'panel.a', {n: 3}), '一 3');
  assert.equal(words('ja', 'panel.b'), 'two');
  assert.equal(words('xx', 'panel.a', {n: '__n__'}), 'one __n__');
  assert.equal(words('en', 'panel.missing'), 'panel.missing');
  assert.equal(words('en', 'panel.__proto__'), 'panel.__proto__');
});

test("the administrator's roots are known to the nodes", () => {
  assert.deepEqual(createHost(redFor(), panel, nodePackage).roots, []);
  assert.deepEqual(createHost(redFor({mailSend: {roots: ['/srv', 5, '']}}), panel, nodePackage).roots, ['/srv']);
});
