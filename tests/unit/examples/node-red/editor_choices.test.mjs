// Which fields a choice shows, fills, locks and offers.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {loadEditor, packageDir, panel, plain} from './editor_fixture.mjs';

const editor = loadEditor();
const {conditions, presets} = editor;
const fields = panel.settings.fields;
const preset = (values) => presets.state(panel, fields, {server_kind: 'preset', ...values});

test('a field appears with the choice it belongs to', () => {
  const custom = conditions.shown(fields, {server_kind: 'custom', auth_method: 'password'});
  assert.ok(custom.has('server_host') && custom.has('auth_password'));
  assert.ok(!custom.has('server_provider') && !custom.has('auth_client_id'));
  const oauth = (auth_grant, auth_provider = 'google') =>
    conditions.shown(fields, {server_kind: 'preset', auth_method: 'oauth2', auth_provider, auth_grant});
  const code = oauth('authorization-code');
  assert.ok(code.has('server_provider') && code.has('auth_client_id') && code.has('auth_redirect_uri'));
  assert.ok(!code.has('server_host') && !code.has('auth_password') && !code.has('auth_refresh_token'));
  assert.ok(!code.has('auth_tenant') && oauth('authorization-code', 'microsoft').has('auth_tenant'));
  assert.ok(oauth('service-account').has('auth_private_key') && !oauth('service-account').has('auth_client_id'));
  assert.ok(oauth('access-token').has('auth_access_token') && !oauth('access-token').has('auth_tokens'));
});

test('where nothing is chosen, the default counts', () => {
  const method = fields.find(({name}) => name === 'auth_method');
  assert.equal(conditions.effective(method, {}), 'none');
  assert.ok(!conditions.shown(fields, {}).has('auth_username'));
});

test('a field whose condition is about a hidden field is hidden', () => {
  const chain = [
    {name: 'a', values: ['x', 'y']},
    {name: 'b', shown: {a: ['x']}},
    {name: 'c', shown: {b: ['1']}},
  ];
  assert.deepEqual([...conditions.shown(chain, {a: 'x', b: '1'})], ['a', 'b', 'c']);
  assert.deepEqual([...conditions.shown(chain, {a: 'y', b: '1'})], ['a']);
});

test('conditions that wait for each other hide both, and one about no known field never holds', () => {
  const circle = [{name: 'a', shown: {b: ['1']}}, {name: 'b', shown: {a: ['1']}}, {name: 'c', shown: {z: ['1']}}];
  assert.deepEqual([...conditions.shown(circle, {a: '1', b: '1', z: '1'})], []);
});

test('an action applies by its condition', () => {
  const signIn = panel.actions.find(({id}) => id === 'sign-in');
  assert.equal(conditions.holds(signIn.shown, fields, {auth_method: 'oauth2'}), true);
  assert.equal(conditions.holds(signIn.shown, fields, {auth_method: 'password'}), false);
  assert.equal(conditions.holds(undefined, fields, {}), true);
});

test('a preset shows where it connects, and the chosen port changes that', () => {
  assert.deepEqual(plain(preset({server_provider: 'gmail'}).shows),
    {server_host: 'smtp.gmail.com', server_port: 465, server_security: 'implicit-tls'});
  const other = preset({server_provider: 'gmail', server_submission: '587'}).shows;
  assert.equal(other.server_port, 587);
  assert.equal(other.server_security, 'starttls');
});

test('a preset without regions has no field for them', () => {
  assert.ok(preset({server_provider: 'gmail'}).absent.has('server_region'));
  assert.ok(preset({server_provider: 'gmail'}).absent.has('server_account_host'));
  assert.ok(!preset({server_provider: 'ses'}).absent.has('server_region'));
});

test('before a provider is chosen its region and port cannot be entered, but the way to sign in can', () => {
  const {absent} = preset({server_provider: ''});
  assert.ok(absent.has('server_region') && absent.has('server_submission'));
  assert.ok(!absent.has('auth_method'));
});

test('the region decides the host, the usual one where none is chosen', () => {
  const usual = preset({server_provider: 'aliyun-directmail'}).shows.server_host;
  const chosen = preset({server_provider: 'aliyun-directmail', server_region: 'ap-southeast-1'}).shows.server_host;
  assert.equal(usual, 'smtpdm.aliyun.com');
  assert.equal(chosen, 'smtpdm-ap-southeast-1.aliyuncs.com');
});

test('a host of the account is completed with what is entered', () => {
  const host = (entered) => preset({server_provider: 'sakura', server_account_host: entered}).shows.server_host;
  assert.equal(host('example'), 'example.sakura.ne.jp');
  assert.equal(host(''), '….sakura.ne.jp');
  assert.equal(host('www1234.sakura.ne.jp'), 'www1234.sakura.ne.jp');
});

test('a custom server is not touched by the provider chosen before', () => {
  const state = presets.state(panel, fields, {server_kind: 'custom', server_provider: 'gmail'});
  assert.deepEqual(plain(state.shows), {});
  assert.equal(state.locks.size, 0);
});

test('choosing writes what the provider fills in, and locks what it names', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const values = {server_kind: 'preset', server_provider: 'sendgrid', auth_method: 'none'};
  const written = plain(presets.writes(panel, fields, provider, '', values));
  assert.equal(written.auth_username, 'apikey');
  assert.equal(written.auth_method, 'password');
  assert.ok(preset({server_provider: 'sendgrid'}).locks.has('auth_username'));
});

test('what the provider before had locked is taken back, what a person wrote stays', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const change = (username) => plain(presets.writes(panel, fields, provider, 'sendgrid',
    {server_kind: 'preset', server_provider: 'gmail', auth_method: 'password', auth_username: username}));
  assert.equal(change('apikey').auth_username, '');
  assert.equal(change('alice@example.com').auth_username, undefined);
});

test('Google and Microsoft bring their OAuth2 provider', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const write = (id) => plain(presets.writes(panel, fields, provider, '',
    {server_kind: 'preset', server_provider: id, auth_method: 'oauth2'}));
  assert.equal(write('gmail').auth_provider, 'google');
  assert.equal(write('microsoft365').auth_provider, 'microsoft');
});

test('what the new provider does not have is emptied, so that nothing stays which nobody sees', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const values = {server_kind: 'preset', server_provider: 'gmail', server_account_host: 'sv1234', server_region: 'eu',
    server_submission: '465', auth_method: 'password'};
  const written = plain(presets.writes(panel, fields, provider, 'sakura', values));
  assert.equal(written.server_account_host, '');
  assert.equal(written.server_region, '');
  assert.equal(written.server_submission, undefined);
});

test('a row that offers a member called like one of every object offers no other', () => {
  const own = [{name: 'row', kind: 'options', options: 'f'}, {name: 'toString', pointer: '/toString', kind: 'text'}];
  const table = {options: {f: {offers: ['toString'], choices: [{id: 'a'}]}}};
  const state = presets.state(table, own, {row: 'a'});
  assert.ok(state.absent.has('toString'));
  assert.equal(state.shows.toString, undefined);
});

test('what a choice filled in goes with it, and what it had replaced comes back', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const values = {server_kind: 'preset', server_provider: 'sendgrid', auth_method: 'none', auth_username: 'alice'};
  const replaced = {};
  const choose = (id) => {
    const before = values.server_provider;
    values.server_provider = id;
    Object.assign(values, presets.writes(panel, fields, provider, before, values, replaced));
    return values;
  };
  values.server_provider = '';
  assert.equal(choose('sendgrid').auth_username, 'apikey');
  assert.equal(choose('resend').auth_username, 'resend');
  assert.equal(choose('yahoo-jp').auth_username, 'alice');
  assert.equal(choose('sendgrid').auth_username, 'apikey');
  assert.equal(choose('').auth_username, 'alice');
  assert.equal(values.auth_method, 'none');
  choose('sendgrid');
  values.auth_username = 'mine';
  assert.equal(choose('yahoo-jp').auth_username, 'mine', 'what a person wrote stays');
});

test('a list of choices that is taken back has what a new account has', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const out = plain(presets.writes(panel, fields, provider, 'microsoft365',
    {server_kind: 'preset', server_provider: 'yahoo-jp', auth_method: 'oauth2', auth_provider: 'microsoft'}));
  assert.equal(out.auth_provider, 'google');
});

test('an account without values of its lists gets those of its provider, else the first', () => {
  const imported = {server_kind: 'preset', server_provider: 'microsoft365', auth_method: 'oauth2', auth_username: 'a'};
  const made = plain(presets.missing(panel, fields, imported));
  assert.equal(made.auth_provider, 'microsoft');
  assert.equal(made.auth_grant, 'authorization-code');
  assert.equal(made.tls_min_version, '1.2');
  assert.equal(made.auth_username, undefined);
  assert.equal(made.auth_mechanism, undefined, 'what may stay open does');
  const custom = plain(presets.missing(panel, fields, {...imported, server_kind: 'custom'}));
  assert.equal(custom.auth_provider, 'google');
  assert.equal(plain(presets.missing(panel, fields, {server_kind: '${KIND}'})).server_kind, undefined);
});

test('accounts of the flows to import have a value of every list that must have one', () => {
  const folder = path.join(packageDir, 'examples');
  const files = [...fs.readdirSync(folder).map((name) => path.join(folder, name)), path.join(packageDir, '../flows.json')];
  for (const file of files) {
    const nodes = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (const node of nodes.filter(({type}) => type === panel.account)) {
      assert.deepEqual(plain(presets.missing(panel, fields, node)), {}, file);
      assert.deepEqual(plain(editor.validators.complaints(fields, node, {auth_password: {}})), [], file);
    }
  }
});

test('providers stand in groups, each with a name in both languages', () => {
  const {groups, choices} = panel.options['providers.json'];
  assert.deepEqual(groups.map(({id}) => id), ['often', 'japan', 'mailbox', 'sending']);
  const dialog = {panel, language: 'ja', word: (key) => key};
  const entries = plain(loadEditor().rows.optionEntries(dialog, 'providers.json'));
  assert.equal(entries.length, choices.length + 1);
  assert.equal(entries[0].id, '');
  const order = [...new Set(entries.slice(1).map(({group}) => group))];
  assert.deepEqual(order, groups.map(({name}) => name.ja));
});

test('a way to sign in that the provider does not have becomes its usual one', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const values = {server_kind: 'preset', server_provider: 'gmail', auth_method: 'none'};
  assert.equal(presets.writes(panel, fields, provider, '', values).auth_method, 'password');
});
