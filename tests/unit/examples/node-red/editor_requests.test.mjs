// Lines of answers, what a refused request means, and which secrets leave the dialog.
import assert from 'node:assert/strict';
import test from 'node:test';
import {loadEditor, panel, plain} from './editor_fixture.mjs';

const {requests, values, actions, actionRun} = loadEditor();

test('lines are handed over as they come, each once', () => {
  const seen = [];
  const read = requests.lineReader((line) => seen.push(line.n));
  read('{"n":1}\n{"n"', false);
  assert.deepEqual(seen, [1]);
  read('{"n":1}\n{"n":2}\n\nnonsense\n{"n":3}', false);
  assert.deepEqual(seen, [1, 2]);
  read('{"n":1}\n{"n":2}\n\nnonsense\n{"n":3}', true);
  assert.deepEqual(seen, [1, 2, 3]);
});

test('a refused request has a sentence of ours and the server\'s own', () => {
  const found = requests.trouble(403, '{"error":{"id":"other-origin","message":"Not from here."}}');
  assert.equal(found.key, 'panel.error.forbidden');
  assert.equal(requests.sentence((key) => key, found), 'panel.error.forbidden Not from here.');
  assert.equal(requests.trouble(0, '').key, 'panel.error.connection');
  assert.equal(requests.trouble(415, '<html>').key, 'panel.error.refused');
});

function fakeStream() {
  const handlers = {};
  const xhr = {status: 200, responseText: '', abort() {},
    addEventListener: (_, call) => { handlers.progress = call; }};
  const $ = {ajaxSettings: {xhr: () => xhr}, ajax(options) {
    handlers.options = options;
    options.xhr();
    const request = {done: (call) => { handlers.done = call; return request; },
      fail: (call) => { handlers.fail = call; return request; }, abort() { handlers.fail({status: 0}); }};
    return request;
  }};
  return {xhr, handlers, requests: loadEditor({$}).requests};
}

test('a stream ends once, and after abort nothing is heard of it', () => {
  const heard = [];
  const listen = {line: (line) => heard.push(line.n), done: () => heard.push('done'),
    failed: () => heard.push('failed')};
  const one = fakeStream();
  one.requests.stream('x/action', {a: 1}, listen);
  assert.equal(one.handlers.options.contentType, 'application/json');
  assert.equal(one.handlers.options.url, 'x/action');
  one.xhr.responseText = '{"n":1}\n';
  one.handlers.progress();
  one.handlers.done('{"n":1}\n{"n":2}\n');
  assert.deepEqual(heard, [1, 2, 'done']);
  const two = fakeStream();
  heard.length = 0;
  const stream = two.requests.stream('x/action', {}, listen);
  stream.abort();
  two.xhr.responseText = '{"n":3}\n';
  two.handlers.progress();
  assert.deepEqual(heard, []);
});

test('an answer that breaks off is a lost connection', () => {
  const {handlers, requests: own} = fakeStream();
  let key = '';
  own.stream('x/action', {}, {line() {}, done() {}, failed: (trouble) => { key = trouble.key; }});
  handlers.fail({status: 200, responseText: '{"type":"started"}\n'});
  assert.equal(key, 'panel.error.connection');
});

test('a stored secret is only named, a typed one is sent unless names are enough', () => {
  assert.deepEqual(plain(values.credential('__PWRD__', false, false)), {stored: true});
  assert.deepEqual(plain(values.credential('typed', false, true)), {stored: true});
  assert.equal(values.credential('typed', false, false), 'typed');
  assert.equal(values.credential('', false, false), undefined);
});

test('of an account that is not open, secrets that do not apply stay behind', () => {
  const node = {id: 'a1', server_kind: 'custom', server_host: 'h', auth_method: 'password', auth_username: 'u',
    credentials: {has_auth_password: true, has_auth_client_secret: true}};
  const given = plain(values.ofNode(panel, node, node.credentials, true));
  assert.equal(given.id, 'a1');
  assert.equal(given.values.server_host, 'h');
  assert.deepEqual(given.credentials, {auth_password: {stored: true}});
  const typed = {...node, credentials: {auth_password: 'new', has_auth_password: true}};
  const sent = (namesOnly) => plain(values.ofNode(panel, typed, typed.credentials, namesOnly)).credentials;
  assert.deepEqual(sent(true), {auth_password: {stored: true}});
  assert.deepEqual(sent(false), {auth_password: 'new'});
});

test('each dialog has its own actions, and validate has no button', () => {
  const ids = (kind) => plain(actions.actionsOf(panel, kind).map(({id}) => id));
  assert.deepEqual(ids('node'), ['preview']);
  assert.ok(ids('account').includes('test-connection') && ids('account').includes('sign-in'));
  assert.ok(!ids('account').includes('validate') && !ids('account').includes('preview'));
});

test('the headline tells how it ended', () => {
  assert.equal(actionRun.headline({outcome: 'succeeded'}).mark, 'ok');
  assert.equal(actionRun.headline({document: {outcome: 'accepted'}}).mark, 'ok');
  assert.equal(actionRun.headline({outcome: 'cancelled'}).key, 'panel.action.cancelled');
  assert.equal(actionRun.headline({outcome: 'unknown'}).mark, 'warning');
  assert.equal(actionRun.headline({outcome: 'failed'}).mark, 'failed');
  assert.equal(actionRun.headline({}).mark, 'failed');
});

test('an action with effects that was left alone may have been done', () => {
  assert.equal(actionRun.abandoned({effects: 'none'}).key, 'panel.action.cancelled');
  assert.deepEqual(plain(actionRun.abandoned({effects: 'sends'})), {mark: 'warning', key: 'panel.action.abandoned'});
});

test('a missing permission is no sign-in that ran out', () => {
  assert.equal(requests.trouble(401, '', true).key, 'panel.error.signed_out');
  assert.equal(requests.trouble(401, '', false).key, 'panel.error.forbidden');
  const asked = [];
  const of = (allowed) => loadEditor({RED: {user: {hasPermission(name) { asked.push(name); return allowed; }}}}).requests;
  assert.equal(of(false).permitted('mail-send'), false);
  assert.equal(of(true).permitted('mail-send'), true);
  assert.deepEqual(asked, ['mail-send.action', 'mail-send.action']);
  assert.equal(requests.permitted('mail-send'), true, 'where nobody signs in, everybody may');
});

test('a secret that is stored goes only when somebody removes it', () => {
  const {standing} = loadEditor().storedSecret;
  assert.equal(standing('typed', undefined), 'typed');
  assert.equal(standing('', undefined), '');
  assert.equal(standing('', 'keep'), '__PWRD__');
  assert.equal(standing(' \n', 'change'), '__PWRD__');
  assert.equal(standing('new', 'change'), 'new');
  assert.equal(standing('new', 'remove'), '');
});

test('Enter alone means go; not the one that ends a conversion, and not that of a shortcut', () => {
  const {isGo} = loadEditor();
  assert.equal(isGo({key: 'Enter', keyCode: 13}), true);
  assert.equal(isGo({key: 'a', keyCode: 65}), false);
  for (const other of [{isComposing: true}, {keyCode: 229}, {ctrlKey: true}, {metaKey: true}]) {
    assert.equal(isGo({key: 'Enter', keyCode: 13, ...other}), false, JSON.stringify(other));
  }
});
