// What the editor itself says of values, and how it reads what the component says.
import assert from 'node:assert/strict';
import test from 'node:test';
import {loadEditor, panel, plain} from './editor_fixture.mjs';

const editor = loadEditor();
const {problems, validators, validate} = editor;
const fields = panel.settings.fields;

test('required fields that apply are named, hidden ones are not', () => {
  const missing = validators.complaints(fields, {server_kind: 'custom', auth_method: 'password'}, {})
    .map(({name}) => name);
  assert.deepEqual(plain(missing), ['server_host', 'auth_username', 'auth_password']);
  const none = validators.complaints(fields,
    {server_kind: 'custom', server_host: 'h', auth_method: 'none'}, {});
  assert.deepEqual(plain(none), []);
});

test('a stored secret is not missing', () => {
  const missing = validators.complaints(fields,
    {server_kind: 'custom', server_host: 'h', auth_method: 'password', auth_username: 'u'},
    {auth_password: {stored: true}});
  assert.deepEqual(plain(missing), []);
});

test('numbers have their bounds, and a value of the environment is not judged', () => {
  const port = fields.find(({name}) => name === 'server_port');
  const key = (value) => (validators.complaint(port, value, false) || {}).key;
  assert.equal(key('x'), 'panel.problem.number');
  assert.equal(key('25.5'), 'panel.problem.number');
  assert.equal(key('0'), 'panel.problem.minimum');
  assert.equal(key('65536'), 'panel.problem.maximum');
  assert.equal(key('587'), undefined);
  assert.equal(key(''), undefined);
  assert.equal(key('${PORT}'), undefined);
});

test('validators of the nodes leave fields alone that do not apply', () => {
  editor.registered = new Map([[panel.account, {panel, fields}]]);
  const required = validate.length(1, 255, {required: true, shown: {server_kind: ['custom']}});
  const node = (kind) => ({type: panel.account, id: 'n', server_kind: kind, _: (key) => key});
  assert.equal(required.call(node('preset'), '', {}), true);
  assert.equal(required.call(node('custom'), '', {label: 'Host'}), 'Host: panel.problem.required');
  assert.equal(required.length, 2);  // only such a validator may answer with a sentence
});

test('a value with a type is judged by its type, and an empty one is not set', () => {
  const seen = [];
  const {validate: checks} = loadEditor({RED: {utils: {validateTypedProperty(...given) {
    seen.push(given.slice(0, 2));
    return 'no JSON';
  }}}});
  const typed = checks.typed('to_type');
  assert.equal(typed.call({to_type: 'json'}, '', {}), true);
  assert.equal(typed.call({to_type: 'str'}, '{', {}), true);
  assert.equal(typed.call({to_type: 'json'}, '{', {}), 'no JSON');
  assert.deepEqual(plain(seen), [['{', 'json']]);
});

test('a pointer finds its field, or the one it is a part of', () => {
  assert.equal(problems.fieldAt(fields, '/server/host').name, 'server_host');
  assert.equal(problems.fieldAt(fields, '/auth/scopes/3').name, 'auth_scopes');
  assert.equal(problems.fieldAt(fields, '/nothing'), null);
  assert.equal(problems.fieldAt(fields, ''), null);
});

test('a sentence of the component speaks of the label', () => {
  assert.equal(problems.readable('Component: it failed: /server/host is missing', '/server/host', 'Host'),
    'Host is missing');
  assert.equal(problems.readable('Nothing is encrypted.', '/server/security', 'Security'), 'Nothing is encrypted.');
});

test('a result of validate gives its problems, a refused document its error first', () => {
  const warned = {problems: [{pointer: '/a', severity: 'warning', message: 'w'}]};
  assert.deepEqual(plain(problems.ofDocument(warned)), warned.problems);
  assert.deepEqual(plain(problems.ofDocument({error: {pointer: '/b', message: 'm'}})),
    [{pointer: '/b', severity: 'error', message: 'm', fixed: true}]);
  assert.deepEqual(plain(problems.ofDocument(null)), []);
});

test('what the editor says of a field comes before the component; the same is said once', () => {
  const own = [{name: 'server_host', pointer: '/server/host', missing: true, key: 'k'}];
  const said = [
    {pointer: '/server/host', severity: 'error', message: 'is missing'},
    {pointer: '/from', severity: 'warning', message: 'odd'},
    {pointer: '/from', severity: 'warning', message: 'odd'},
    {pointer: '', severity: 'error', message: 'general'},
  ];
  const merged = problems.merged(fields, own, said, {own: () => 'fill it in', said: (each) => each.message});
  assert.deepEqual(plain(merged).map(({name, severity, text}) => [name, severity, text]), [
    ['server_host', 'missing', 'fill it in'],
    ['from', 'warning', 'odd'],
    [null, 'error', 'general'],
  ]);
});

test('an error that is in English only has a sentence of the editor in other languages', () => {
  const {problems: own, rows} = editor;
  rows.labelOf = () => 'Host';
  const host = fields.find(({name}) => name === 'server_host');
  const say = (language, value) => own.sentence({language, values: () => ({server_host: value}),
    word: (key, params) => key + (params ? ' ' + params.message : '')},
  {pointer: '/server/host', message: 'X: /server/host is odd', fixed: true}, host);
  assert.equal(say('en', 'a..b'), 'Host is odd');
  assert.equal(say('ja', ''), 'panel.problem.required');
  assert.equal(say('ja', 'a..b'), 'panel.problem.refused Host is odd');
});

test('what a field needs that nobody touched yet is only missing', () => {
  const said = [{pointer: '/server/account_host', severity: 'error', message: 'is missing'},
    {pointer: '/server/account_host', severity: 'error', message: 'is missing too'},
    {pointer: '/from', severity: 'warning', message: 'odd'}];
  const describe = {own: () => '', said: (each) => each.message};
  const list = (isFresh) => plain(problems.merged(fields, [], said, describe, isFresh))
    .map(({name, severity, missing}) => [name, severity, missing]);
  assert.deepEqual(list(() => true), [['server_account_host', 'missing', true], ['from', 'warning', false]]);
  assert.deepEqual(list(() => false)[0], ['server_account_host', 'error', false]);
});

test('an explanation speaks of labels, not of pointers', () => {
  const word = (key, {label}, otherwise) => (label === undefined ? otherwise.toUpperCase() : '「' + label + '」');
  const say = (text, stage = 'settings', kind = 'account') => problems.labelled({kind, panel, word}, text, {stage});
  assert.equal(say('/server/hostはホストで、/auth/scopes/3と(/from)'),
    '「SERVER_HOST」はホストで、/auth/scopes/3と(「FROM」)');
  assert.equal(say('https://example.com/from /srv/from/x and/from'), 'https://example.com/from /srv/from/x and/from');
  assert.equal(say('(/tls/ca_file)', 'tls', 'node'), '(「TLS_CA_FILE」)', 'also beside the flow node');
  assert.equal(say('(/reply_to)', 'input', 'node'), '(「REPLY_TO」)');
  assert.equal(say('(/to)', 'input', 'account'), '(/to)');
});

test('an error is about a field of the dialog whose document it is in', () => {
  const account = {kind: 'account', fields};
  const node = {kind: 'node', fields: panel.input.fields};
  const of = (dialog, error) => (problems.fieldOf(dialog, error) || {}).name;
  assert.equal(of(account, {stage: 'settings', pointer: '/server/host'}), 'server_host');
  assert.equal(of(node, {stage: 'settings', pointer: '/from'}), undefined);
  assert.equal(of(node, {stage: 'input', pointer: '/to/3'}), 'to');
  assert.equal(of(account, {stage: 'input', pointer: '/from'}), undefined);
  assert.equal(of(account, {stage: 'settings', pointer: '/auth/tokens'}), undefined);
  assert.equal(of(account, {stage: 'settings', pointer: ''}), undefined);
  assert.equal(of(account, undefined), undefined);
});
