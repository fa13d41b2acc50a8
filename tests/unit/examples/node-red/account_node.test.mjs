// The config node: what it gives to the host, and what it gives to nobody.
import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeRed, fakeHost, lib, panel, passwordAccount, signInAccount } from './account_fixture.mjs';

const { registerAccount } = lib('account_node.js');
const { deployedAccounts } = lib('account_registry.js');

function canvas() {
    const red = new FakeRed();
    const { host, calls } = fakeHost();
    registerAccount(red, panel, host, { prefix: 'P: ' });
    return { red, host, calls };
}

test('every secret that a person types is a password of Node-RED, and no token is', () => {
    const { options } = canvas().red.types.get(panel.account);
    const secrets = panel.settings.fields.filter(({ kind }) => kind === 'secret').map(({ name }) => name);
    assert.deepEqual(Object.keys(options.credentials).sort(), secrets.filter((name) => name !== 'auth_tokens').sort());
    for (const definition of Object.values(options.credentials)) assert.deepEqual(definition, { type: 'password' });
});

test('a deployed account is a component with its settings, and its secrets go beside them', () => {
    const { red, calls } = canvas();
    red.deploy(passwordAccount, { auth_password: 'hunter22' });
    const [{ key, type, settings, secrets }] = calls.used;
    assert.match(key, /^[A-Za-z0-9._-]{1,100}$/);
    assert.equal(type, panel.type);
    const { $secret: name } = settings.auth.password;
    assert.deepEqual(secrets, { [name]: 'hunter22' });
    assert.ok(!JSON.stringify(settings).includes('hunter22'));
    assert.equal(settings.language, 'ja');
    assert.deepEqual(settings.server, { kind: 'custom', host: 'mail.example.test', port: 587, security: 'starttls' });
});

test('an account without a language speaks the first of the panel, also where what is stored is none', () => {
    const { red, calls } = canvas();
    for (const language of [undefined, '', 'fr', 7]) {
        assert.equal(red.deploy({ ...passwordAccount, language }).language, 'en');
        assert.equal(calls.used.at(-1).settings.language, 'en');
    }
    assert.equal(red.deploy(passwordAccount).language, 'ja');
});

test('a call of a node goes to the component of its account, in the language of the account', async () => {
    const { red, calls } = canvas();
    const node = red.deploy(passwordAccount, { auth_password: 'p' });
    const { result } = node.invoke({
        operation: 'send',
        input: { to: 'b@example.test' },
        call: 'id-1',
        component: 'other',
    });
    assert.equal((await result).outcome, 'succeeded');
    const [call] = calls.invoked;
    assert.equal(call.component, calls.used[0].key);
    assert.equal(call.language, 'ja');
    assert.deepEqual(call.ports, panel.ports);
    assert.equal(call.call, 'id-1');
});

test('another deploy is another component, and the old one is dropped', async () => {
    const { red, calls } = canvas();
    const first = red.deploy(passwordAccount);
    await red.remove(first, false);
    red.deploy({ ...passwordAccount, server_port: '465' });
    assert.notEqual(calls.used[0].key, calls.used[1].key);
    assert.deepEqual(calls.dropped, [calls.used[0].key]);
});

test('a deleted account is forgotten, and nobody is signed out', async () => {
    const { red, host, calls } = canvas();
    const node = red.deploy(signInAccount, { auth_refresh_token: 'r' });
    assert.equal(deployedAccounts(host).withId(signInAccount.id).length, 1);
    await red.remove(node, true);
    assert.deepEqual(deployedAccounts(host).withId(signInAccount.id), []);
    assert.deepEqual(calls.invoked, []);
});

test('copies of a subflow share what was signed in for the account that a person sees', () => {
    const { red, host, calls } = canvas();
    red.deploy({ ...signInAccount, id: 'copy1', _alias: signInAccount.id }, { auth_refresh_token: 'r' });
    red.deploy({ ...signInAccount, id: 'copy2', _alias: signInAccount.id }, { auth_refresh_token: 'r' });
    const [one, two] = calls.used;
    assert.notEqual(one.key, two.key);
    assert.deepEqual(one.settings.auth.tokens, two.settings.auth.tokens);
    assert.match(one.settings.auth.tokens.$secret, new RegExp(`^${signInAccount.id}\\.auth_tokens\\.[0-9a-f]{16}$`));
    assert.equal(deployedAccounts(host).withId(signInAccount.id).length, 2);
});

test('an account whose fields cannot be read is told by its calls and used by no action', async () => {
    const { red, host, calls } = canvas();
    const node = red.deploy({ ...passwordAccount, server_host: { secret: 'hidden' } }, { auth_password: 'hunter22' });
    const { status, outcome, port, document } = await node.invoke({ operation: 'send', input: {} }).result;
    assert.deepEqual([status, outcome, port], ['invalid-settings', 'failed', 'failed']);
    assert.match(document.error.message, /^P: .*server_host/);
    const { title, cause, steps, actor } = document.error.explanation;
    assert.deepEqual([title, steps, actor], ['panel.node.settings.title', ['panel.node.settings.step'], 'developer']);
    assert.equal(cause, 'panel.node.settings.cause');
    assert.equal(document.error.id, 'host.settings');
    assert.deepEqual(deployedAccounts(host).withId(passwordAccount.id), []);
    assert.deepEqual(calls.used, []);
    assert.ok(!/hidden|hunter22/.test(red.logged.join() + JSON.stringify(document)));
});

test('an id that was written by hand makes a key that the host takes', () => {
    const { red, calls } = canvas();
    red.deploy({ ...passwordAccount, id: 'a/b c.あ' });
    assert.match(calls.used[0].key, /^[A-Za-z0-9._-]{1,100}$/);
});

test('after the host was stopped and another one made, calls go to that one', async () => {
    const { red, host } = canvas();
    const node = red.deploy(passwordAccount, { auth_password: 'p' });
    const { calls: other } = fakeHost();
    host.calls = () => other;
    await node.invoke({ operation: 'send', input: {} }).result;
    await node.invoke({ operation: 'send', input: {} }).result;
    assert.equal(other.used.length, 1);
    assert.equal(other.invoked[0].component, other.used[0].key);
    assert.deepEqual(Object.values(other.used[0].secrets), ['p']);
});
