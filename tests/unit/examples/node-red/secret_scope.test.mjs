// For which settings a secret is good, and its name.
import assert from 'node:assert/strict';
import test from 'node:test';
import { lib, panel, passwordAccount, signInAccount } from './account_fixture.mjs';

const { identityOf, isAccountId, scopeOfValues, secretName } = lib('secret_scope.js');
const { accountSecrets, namedSecrets } = lib('account_secrets.js');
const { readValues } = lib('account_values.js');

const scope = (values) => scopeOfValues(panel, values);

/** Settings in which every field that binds is shown, with another value for each. */
const other = {
    server_kind: 'preset',
    server_host: 'evil.example.test',
    server_port: '588',
    server_security: 'none',
    auth_method: 'none',
    auth_username: 'mallory',
    auth_mechanism: 'PLAIN',
    auth_allow_cleartext: true,
    auth_provider: 'microsoft',
    auth_grant: 'device-code',
    auth_sign_in_as: 'mallory',
    auth_client_id: 'other',
    auth_tenant: 'other',
    auth_redirect_uri: 'http://127.0.0.1:1/',
    auth_scopes: 'one\ntwo',
    auth_endpoints_authorize: 'https://evil.example.test/',
    auth_endpoints_token: 'https://evil.example.test/',
    auth_endpoints_device: 'https://evil.example.test/',
    auth_endpoints_revoke: 'https://evil.example.test/',
    auth_endpoints_issuer: 'https://evil.example.test/',
    tls_ca_file: '/evil.pem',
    tls_min_version: '1.3',
    tls_pin_sha256: 'ab'.repeat(32),
    network_name_servers: '192.0.2.1:53',
    network_proxy: 'http://evil.example.test:1',
    network_source_address: '192.0.2.7',
};
const presetOther = {
    server_provider: 'outlook',
    server_region: 'eu-west-1',
    server_account_host: 'evil',
    server_submission: '587',
};
/** The provider that offers the field. */
const offering = { server_region: 'ses', server_account_host: 'sakura' };
const preset = { ...passwordAccount, server_kind: 'preset', server_provider: 'gmail' };

test('each field that binds is tried here', () => {
    const binding = panel.settings.fields.filter(({ binds }) => binds).map(({ name }) => name);
    assert.deepEqual([...Object.keys(other), ...Object.keys(presetOther)].sort(), binding.sort());
});

for (const [name, value] of Object.entries(other)) {
    test(`another ${name} is another scope`, () => {
        const field = panel.settings.fields.find((each) => each.name === name);
        const usual = (field.shown?.auth_method || []).includes('password') ? passwordAccount : signInAccount;
        const account = { ...usual };
        for (const [choice, values] of Object.entries(field.shown || {})) {
            if (!values.includes(account[choice])) account[choice] = values[0];
        }
        assert.notEqual(scope({ ...account, [name]: value }), scope(account));
    });
}

for (const [name, value] of Object.entries(presetOther)) {
    test(`with a preset another ${name} is another scope`, () => {
        const account = { ...preset, server_provider: offering[name] || preset.server_provider };
        assert.notEqual(scope({ ...account, [name]: value }), scope(account));
    });
}

test('what does not decide where a secret goes changes no scope', () => {
    const free = {
        from: 'x@example.test',
        language: 'en',
        timeouts_connect: '3s',
        network_ehlo_name: 'h',
        name: 'other',
    };
    for (const [name, value] of Object.entries(free)) {
        assert.equal(scope({ ...passwordAccount, [name]: value }), scope(passwordAccount), name);
    }
});

test('blanks, defaults, empty and hidden fields change no scope', () => {
    const same = scope(passwordAccount);
    const spelled = {
        ...passwordAccount,
        server_host: ' mail.example.test ',
        server_port: 587,
        tls_min_version: '1.2',
        network_proxy: ' ',
        auth_allow_cleartext: false,
        network_name_servers: '\n',
        auth_client_id: 'hidden',
        server_provider: 'hidden',
    };
    assert.equal(scope(spelled), same);
    const automatic = { ...passwordAccount, server_security: '' };
    assert.equal(scope({ ...automatic, server_security: 'auto' }), scope(automatic));
    assert.match(same, /^[0-9a-f]{16}$/);
});

test('no two values run into one another', () => {
    const lists = [['a\nb'], ['a,b'], ['a", "b'], ['a b']].map(([auth_scopes]) =>
        scope({ ...signInAccount, auth_scopes }),
    );
    assert.equal(new Set(lists).size, lists.length);
});

test('JSON decides by what it says, not by how it is written', () => {
    const fields = [{ name: 'f', pointer: '/f', kind: 'json', binds: true }];
    const of = (f) => scopeOfValues({ type: 't', settings: { fields }, options: {} }, { f });
    assert.equal(of('{"a": 1, "b": {"c": 2, "d": 3}}'), of('{"b":{"d":3,"c":2},"a":1}'));
    const texts = ['{"a":1}', '{"a":2}', '{"a":"1"}', '[["a",1]]', '[]', '{}', '"{}"', '1', '"1"', ''];
    assert.equal(new Set(texts.map(of)).size, texts.length);
});

test('what the chosen provider does not offer changes no scope', () => {
    assert.equal(scope({ ...preset, server_account_host: 'left.over' }), scope(preset));
});

test('another type of component has other scopes', () => {
    assert.notEqual(scopeOfValues({ ...panel, type: 'other' }, passwordAccount), scope(passwordAccount));
});

test('an id with other characters than letters, digits, - and _ is none for an editor', () => {
    for (const id of ['a1b2c3d4e5f60718', 'office-mail', 'A_1']) assert.equal(isAccountId(id), true, id);
    const wrong = [
        '',
        'a.b',
        '../a',
        'a/b',
        'a b',
        'あ',
        'a\n',
        '__proto__.x',
        'x'.repeat(65),
        7,
        null,
        undefined,
        ['a'],
        {},
    ];
    for (const id of wrong) assert.equal(isAccountId(id), false, String(id));
});

test('a name says account, field and scope, and is never too long', () => {
    assert.equal(secretName('abc', 'auth_tokens', '0123456789abcdef'), 'abc.auth_tokens.0123456789abcdef');
    const long = secretName('x'.repeat(64), 'f'.repeat(100), '0123456789abcdef');
    assert.ok(long.length <= 128);
    assert.notEqual(long, secretName('x'.repeat(64), 'f'.repeat(101), '0123456789abcdef'));
});

test('ids that cannot stand in a name stand for themselves alone', () => {
    assert.equal(identityOf('abc'), 'abc');
    assert.match(identityOf('a.b'), /^h[0-9a-f]{32}$/);
    assert.notEqual(identityOf('a.b'), identityOf('a/b'));
});

test('what is written by the host is named always, the rest where there is a value', () => {
    const read = readValues(panel.settings.fields, signInAccount);
    const { names, values } = accountSecrets(read, 'abc', '0123456789abcdef', {
        auth_refresh_token: 'r',
        auth_client_secret: '',
    });
    assert.deepEqual(names, {
        auth_tokens: 'abc.auth_tokens.0123456789abcdef',
        auth_refresh_token: 'abc.auth_refresh_token.0123456789abcdef',
    });
    assert.deepEqual(values, { 'abc.auth_refresh_token.0123456789abcdef': 'r' });
});

test('credentials of hidden fields, of other names and of what the host writes are not used', () => {
    const read = readValues(panel.settings.fields, passwordAccount);
    const credentials = {
        auth_password: 'p',
        auth_refresh_token: 'hidden',
        auth_tokens: 'forged',
        server_host: 'x',
        other: 'y',
    };
    const { values } = accountSecrets(read, 'abc', '0123456789abcdef', credentials);
    assert.deepEqual(Object.values(values), ['p']);
});

test('names for an action that only looks are none that anything is stored under', () => {
    const read = readValues(panel.settings.fields, passwordAccount);
    const { names, values } = namedSecrets(read, { auth_password: { stored: true } });
    assert.deepEqual(names, { auth_password: 'unsaved.auth_password.unsaved' });
    assert.deepEqual(values, {});
});
