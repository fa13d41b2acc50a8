// Somebody who may try out an account, but does not know its secrets, tries to get them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { panel, passwordAccount, signInAccount } from './account_fixture.mjs';
import { password, refused, stored, tried, withEditor } from './stolen_fixture.mjs';

test('with the settings that are deployed the stored secret is used', () =>
    withEditor(async (it) => {
        const { lines, used } = await tried(it, passwordAccount);
        assert.equal(lines.at(-1).type, 'result');
        assert.deepEqual(Object.values(used[0].secrets), [password]);
    }));

test('also where only blanks, defaults or fields that bind nothing differ', () =>
    withEditor(async (it) => {
        const changed = {
            ...passwordAccount,
            server_port: ' 587',
            from: 'x@example.test',
            tls_min_version: '1.2',
            language: 'en',
        };
        assert.deepEqual(Object.values((await tried(it, changed)).used[0].secrets), [password]);
    }));

const changes = {
    'another host': { server_host: 'evil.example.test' },
    'another port': { server_port: '25' },
    'no TLS': { server_security: 'none' },
    'a preset': { server_kind: 'preset', server_provider: 'gmail' },
    'another user name': { auth_username: 'mallory@example.test' },
    'another mechanism': { auth_mechanism: 'PLAIN' },
    'leave to send in clear': { auth_allow_cleartext: true },
    'another CA': { tls_ca_file: '/tmp/evil.pem' },
    'another pin': { tls_pin_sha256: 'ab'.repeat(32) },
    'another version of TLS': { tls_min_version: '1.3' },
    'a proxy': { network_proxy: 'http://evil.example.test:3128' },
    'another name server': { network_name_servers: '192.0.2.1:53' },
};
for (const [what, change] of Object.entries(changes)) {
    test(`with ${what} the secret is asked for again`, () =>
        withEditor(async (it) => {
            refused(await tried(it, { ...passwordAccount, ...change }), ['auth_password']);
        }));
}

const signInChanges = {
    'another token endpoint': { auth_endpoints_token: 'https://evil.example.test/token' },
    'another issuer': { auth_endpoints_issuer: 'https://evil.example.test/' },
    'another provider': { auth_provider: 'google' },
    'another client': { auth_client_id: 'evil' },
    'another grant': { auth_grant: 'client-credentials' },
    'another mailbox': { auth_username: 'mallory@example.test' },
    'more scopes': { auth_scopes: 'everything' },
};
for (const [what, change] of Object.entries(signInChanges)) {
    test(`with ${what} the secrets of a sign-in are asked for again`, () =>
        withEditor(async (it) => {
            const both = { auth_refresh_token: { stored: true }, auth_client_secret: { stored: true } };
            // What a grant has no use for is not asked for.
            const asked = change.auth_grant ? ['auth_client_secret'] : ['auth_client_secret', 'auth_refresh_token'];
            refused(await tried(it, { ...signInAccount, ...change }, both), asked);
        }));
    test(`with ${what} the tokens have another name`, () =>
        withEditor(async (it) => {
            const typed = { auth_refresh_token: 'own' };
            const usual = await tried(it, signInAccount, typed);
            const changed = await tried(it, { ...signInAccount, ...change }, typed);
            const nameOf = ({ used }) => used[0].settings.auth.tokens.$secret;
            assert.notEqual(nameOf(changed), nameOf(usual));
            assert.equal(nameOf(usual), it.calls.used[1].settings.auth.tokens.$secret);
            const text = JSON.stringify(changed.used);
            assert.ok(!text.includes('4711'));
        }));
}

test('the id of another account gives only what is stored for its own settings', () =>
    withEditor(async (it) => {
        refused(await tried(it, { ...passwordAccount, id: signInAccount.id }), ['auth_password']);
    }));

test('an account that is not deployed has no stored secrets', () =>
    withEditor(async (it) => {
        refused(await tried(it, { ...passwordAccount, id: 'fresh' }), ['auth_password']);
    }));

test('an account that was removed has none any more', () =>
    withEditor(async (it) => {
        await it.red.remove(it.red.deploy({ ...passwordAccount, id: 'gone' }, { auth_password: password }));
        refused(await tried(it, { ...passwordAccount, id: 'gone' }), ['auth_password']);
    }));

test('the mark of a password box stands for the stored value, and is never a password', () =>
    withEditor(async (it) => {
        const { used } = await tried(it, passwordAccount, { auth_password: '__PWRD__' });
        assert.deepEqual(Object.values(used[0].secrets), [password]);
        refused(await tried(it, { ...passwordAccount, server_port: '25' }, { auth_password: '__PWRD__' }), [
            'auth_password',
        ]);
    }));

test('a value that was typed is used for any settings, and only it', () =>
    withEditor(async (it) => {
        const { used } = await tried(
            it,
            { ...passwordAccount, server_host: 'new.example.test' },
            { auth_password: 'typed' },
        );
        assert.deepEqual(Object.values(used[0].secrets), ['typed']);
        assert.ok(!JSON.stringify(used).includes(password));
    }));

test('one secret that was typed opens no other', () =>
    withEditor(async (it) => {
        const changed = { ...signInAccount, auth_endpoints_token: 'https://evil.example.test/token' };
        refused(await tried(it, changed, { auth_client_secret: 'typed', auth_refresh_token: { stored: true } }), [
            'auth_refresh_token',
        ]);
    }));

test('what is not named by the editor is not given, though it is stored', () =>
    withEditor(async (it) => {
        const { used } = await tried(it, passwordAccount, {});
        assert.deepEqual(used[0].secrets, {});
        assert.equal(used[0].settings.auth.password, undefined);
    }));

test('tokens cannot be named or given by an editor', () =>
    withEditor(async (it) => {
        for (const given of ['forged', { stored: true }]) {
            const { status, used, text } = await tried(it, signInAccount, { auth_tokens: given });
            assert.equal(status, 400);
            assert.match(text, /unknown-field/);
            assert.deepEqual(used, []);
        }
    }));

const wrongIds = [
    '',
    'a.b',
    '../a1b2c3',
    'a1b2c3/',
    'a1b2c3\n',
    '__proto__.x',
    'x'.repeat(65),
    7,
    null,
    ['a1b2c3'],
    {},
];
for (const id of wrongIds) {
    test(`${JSON.stringify(id)} is no id of an account`, () =>
        withEditor(async (it) => {
            const { status, used, text } = await tried(it, { ...passwordAccount, id });
            assert.equal(status, 400);
            assert.match(text, /bad-account/);
            assert.deepEqual(used, []);
        }));
}

test('ids that every object has are ids of no account', () =>
    withEditor(async (it) => {
        for (const id of ['__proto__', 'constructor', 'toString'])
            refused(await tried(it, { ...passwordAccount, id }), ['auth_password']);
    }));

const wrongAccounts = {
    'a field that the panel does not have': '"values": {"server_hosts": "x"}',
    'a field with the name of a prototype': '"values": {"__proto__": {"server_host": "evil"}}',
    'a secret among the values': '"values": {"auth_password": "x"}',
    'a field among the secrets': '"credentials": {"server_host": "x"}',
    'a prototype among the secrets': '"credentials": {"__proto__": {"stored": true}}',
    'an object as a value': '"values": {"server_host": {"toString": "x"}}',
    'a list as a value': '"values": {"server_host": ["x"]}',
    'a number as a secret': '"credentials": {"auth_password": 7}',
    'a name as a secret': '"credentials": {"auth_password": {"$secret": "a1b2c3.auth_password"}}',
    'values that are a list': '"values": ["x"]',
    'another member': '"scope": "0123456789abcdef"',
};
for (const [what, members] of Object.entries(wrongAccounts)) {
    test(`${what} is refused`, () =>
        withEditor(async (it) => {
            const before = it.calls.used.length;
            const { status, text } = await it.post(
                'action',
                `{"action": "test-connection", "account": {"id": "a1b2c3", ${members}}}`,
            );
            assert.equal(status, 400, text);
            assert.equal(it.calls.used.length, before);
        }));
}

test('actions that only look get names that nothing is stored under, and no values', () =>
    withEditor(async (it) => {
        const kinds = [
            ['validate', stored],
            ['preview', stored],
            ['validate', { auth_password: 'typed' }],
            ['validate', { auth_password: { typed: true } }],
        ];
        for (const [action, credentials] of kinds) {
            const { used } = await tried(it, passwordAccount, credentials, action);
            assert.deepEqual(used[0].secrets, {});
            assert.deepEqual(used[0].settings.auth.password, { $secret: 'unsaved.auth_password.unsaved' });
        }
        const { used } = await tried(it, signInAccount, {}, 'validate');
        assert.ok(used[0].settings.auth.tokens.$secret.startsWith('unsaved.'));
    }));

test('no answer and no log line has a stored secret or what was sent', () =>
    withEditor(async (it) => {
        it.calls.answers = async () => {
            throw new TypeError(password);
        };
        const answers = [
            await tried(it, passwordAccount),
            await tried(it, { ...passwordAccount, server_port: '25' }),
            await tried(
                it,
                { ...passwordAccount, server_host: 'typed-host.example.test' },
                { auth_password: 'typed-secret' },
            ),
        ];
        const said = answers.map(({ text }) => text).join() + it.red.logged.join();
        assert.ok(!/correct horse|typed-secret|typed-host/.test(said), said);
        assert.equal(answers[0].lines.at(-1).error.id, 'internal');
    }));

test('the panel says for each field that the design names that it binds', () => {
    const binding = new Set(panel.settings.fields.filter(({ binds }) => binds).map(({ name }) => name));
    const named = [
        'server_host',
        'server_port',
        'server_security',
        'auth_username',
        'auth_endpoints_token',
        'tls_ca_file',
        'tls_pin_sha256',
        'network_proxy',
        'network_name_servers',
    ];
    for (const name of named) assert.ok(binding.has(name), name);
});
