// Which fields a choice shows, fills, locks and offers.
import assert from 'node:assert/strict';
import test from 'node:test';
import {loadEditor, panel, plain} from './editor_fixture.mjs';

const {conditions, presets} = loadEditor();
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

test('a way to sign in that the provider does not have becomes its usual one', () => {
  const provider = fields.find(({name}) => name === 'server_provider');
  const values = {server_kind: 'preset', server_provider: 'gmail', auth_method: 'none'};
  assert.equal(presets.writes(panel, fields, provider, '', values).auth_method, 'password');
});
