// What is shown of messages, accounts and times, and what a preview gets for what only a message knows.
import assert from 'node:assert/strict';
import test from 'node:test';
import {loadEditor, panel, plain} from './editor_fixture.mjs';

const editor = loadEditor();
const {messageParts, previewInput, accountView} = editor;

test('encoded words of headers are read', () => {
  assert.equal(messageParts.words('=?UTF-8?B?5pel5aCx?='), '日報');
  assert.equal(messageParts.words('=?utf-8?Q?caf=C3=A9_au?= =?utf-8?Q?_lait?='), 'café au lait');
  assert.equal(messageParts.words('plain =?no'), 'plain =?no');
});

test('the parts of a message are decoded', () => {
  const message = ['Content-Type: multipart/related; boundary="b 1"', '', 'x', '--b 1',
    'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '',
    '<p>caf=C3=A9 =', 'lait</p>', '--b 1', 'Content-Type: image/png', 'Content-ID: <chart>',
    'Content-Transfer-Encoding: base64', '', 'aGk=', '--b 1--', ''].join('\r\n');
  const [html, image] = messageParts.parts(message);
  assert.equal(html.type, 'text/html');
  assert.equal(html.text.trim(), '<p>café lait</p>');
  assert.equal(image.contentId, 'chart');
  assert.equal(messageParts.dataAddress(image), 'data:image/png;base64,aGk=');
});

test('a message that nests without end, or is none, is harmless', () => {
  assert.equal(messageParts.parts('').length, 1);
  let deep = 'Content-Type: text/plain\r\n\r\nx';
  for (let i = 0; i < 40; ++i) {
    deep = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${deep}\r\n--b${i}--\r\n`;
  }
  assert.ok(messageParts.parts(deep).length <= 1);
});

test('a preview takes literals as they are and names what it does not know', () => {
  const made = plain(previewInput.build(panel.input.fields, {
    to: 'payload.to', to_type: 'msg', subject: 'topic', subject_type: 'msg', text: 'a\nb', text_type: 'str',
    attachments: 'files', attachments_type: 'flow', headers: '{"X-A":"1"}', headers_type: 'json',
  }, {to: 'bob@example.com'}));
  assert.deepEqual(made.input,
    {to: 'bob@example.com', subject: '‹msg.topic›', text: 'a\nb', headers: {'X-A': '1'}});
  assert.deepEqual(made.examples.map(({name}) => name), ['to', 'subject']);
  assert.deepEqual(made.without, [{name: 'attachments', from: 'flow.files'}]);
});

test('where the message decides everything, a preview still shows something and says so', () => {
  const made = plain(previewInput.build(panel.input.fields, {}, {to: 'bob@example.com'}));
  assert.deepEqual(made.input, {to: 'bob@example.com', subject: '‹msg.topic›', payload: '‹msg.payload›'});
  assert.deepEqual(made.examples, [{name: 'to', from: 'msg.to'}, {name: 'subject', from: 'msg.topic'},
    {name: 'payload', from: 'msg.payload'}]);
  const filled = {cc: 'c@example.com', cc_type: 'str', html: '<p>', html_type: 'str'};
  assert.deepEqual(Object.keys(plain(previewInput.build(panel.input.fields, filled, {})).input),
    ['cc', 'html', 'subject'], 'the field html stands for the body');
});

test('what cannot be read is told, not taken for what only a message knows', () => {
  const made = plain(previewInput.build(panel.input.fields, {headers: '{', headers_type: 'json'}, {}));
  assert.deepEqual(made.invalid, [{name: 'headers', key: 'panel.problem.json'}]);
  assert.deepEqual(made.without, []);
});

test('a whole text that Node-RED replaces when it deploys is known no more than a variable', () => {
  const made = plain(previewInput.build(panel.input.fields, {to: '${TO}', to_type: 'str', subject: '$(SUBJECT)',
    subject_type: 'str', date: '${DATE}', date_type: 'str', text: 'a ${TO}', text_type: 'str'},
  {to: 'bob@example.com'}));
  assert.deepEqual(made.input, {to: 'bob@example.com', subject: '‹$SUBJECT›', text: 'a ${TO}'});
  assert.deepEqual(made.examples, [{name: 'to', from: '$TO'}, {name: 'subject', from: '$SUBJECT'}]);
  assert.deepEqual(made.without, [{name: 'date', from: '$DATE'}]);
});

test('an account may be named by a variable of the subflow or the flow', () => {
  const nodes = {acc: {id: 'acc'}};
  const places = {sf: {env: [{name: 'ACC', value: 'acc'}, {name: 'AGAIN', value: '${AGAIN}'}, {name: 'EMPTY', value: ''}]}};
  const RED = {nodes: {node: (id) => nodes[id], subflow: (id) => places[id], workspace: () => undefined}};
  const {nodeAction} = loadEditor({RED});
  const of = (value, z = 'sf') => plain(nodeAction.accountOf({z}, value));
  assert.deepEqual(of('acc'), {account: {id: 'acc'}});
  assert.deepEqual(of('${ACC}'), {account: {id: 'acc'}});
  assert.deepEqual(of('${ACC}', 'tab'), {variable: 'ACC'});
  assert.deepEqual(of('${AGAIN}'), {variable: 'AGAIN'});
  assert.deepEqual(of('${EMPTY}'), {variable: 'EMPTY'});
  assert.deepEqual(of('_ADD_'), {variable: ''});
  assert.deepEqual(of(null), {variable: ''});
});

test('an account is a table of labels and texts, without what is empty', () => {
  const dialog = {language: 'en', word: (key, _, otherwise) => (
    {'account-view.provider.enum.google': 'Google', 'account-view.provider.label': 'Provider'}[key] ?? otherwise)};
  const rows = plain(accountView.rows(dialog, {
    provider: 'google', tenant: null, scopes: [], warnings: ['w'], some_thing: ['a', 'b'], signed_in: true,
  }, 0));
  assert.deepEqual(rows, [['Provider', 'Google'], ['some thing', 'a\nb'], ['signed in', 'true']]);
  const now = Date.parse('2026-11-22T00:00:00Z');
  assert.match(accountView.text(dialog, 'refresh_expires_at', '2026-11-25T00:00:00Z', now), /in 3 days/);
  assert.match(accountView.text(dialog, 'last_good_send', now / 1000 - 7200, now), /2 hours ago/);
});

test('words fall back, and a missing one is never shown as an object', () => {
  const word = editor.words({_: (key, params) => (
    {'a.b': 'found', 'a': "key 'a' returned an object instead of string"}[key] ?? (params.x ? 'ns:' + key : key))});
  assert.equal(word('a.b'), 'found');
  assert.equal(word('a', {}, 'other'), 'other');
  assert.equal(word('c.d', {x: 1}, 'other'), 'other');
  assert.equal(word('c.d'), 'c.d');
});

test('the editor\'s language is one of the component\'s', () => {
  const of = (language) => loadEditor({navigator: {language}}).language(['en', 'ja']);
  assert.equal(of('ja-JP'), 'ja');
  assert.equal(of('ja'), 'ja');
  assert.equal(of('de-DE'), 'en');
  assert.equal(of('jaw'), 'en');
});

test('durations are read easily', () => {
  assert.match(editor.duration(340, 'en'), /^340 ms$/);
  assert.match(editor.duration(12500, 'en'), /^12\.5 sec$/);
  assert.match(editor.duration(2900, 'en', true), /^2 sec$/);
  assert.equal(editor.duration(-1, 'en'), '');
  assert.equal(editor.duration('3', 'en'), '');
});
