// The settings document of what stands in the fields of an account.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { lib, panel, passwordAccount, signInAccount, wfcBuild } from './account_fixture.mjs';

const { settingsDocument } = lib('settings_document.js');
const { readValues } = lib('account_values.js');
const { accountSecrets } = lib('account_secrets.js');
const { scopeOf } = lib('secret_scope.js');

const settings = (values, secretNames) => settingsDocument(panel, values, { secretNames }).settings;

test('strings as they were typed become members of the right type', () => {
    const document = settings({
        server_kind: 'custom',
        server_host: '  mail.example.test ',
        server_port: ' 587 ',
        privacy_hide_addresses: true,
        network_name_servers: '127.0.0.1:5353\r\n\n  [::1]:53 \n',
        delivery_max_connections: '4',
    });
    assert.deepEqual(document.server, { kind: 'custom', host: 'mail.example.test', port: 587 });
    assert.deepEqual(document.network, { name_servers: ['127.0.0.1:5353', '[::1]:53'] });
    assert.deepEqual(document.privacy, { hide_addresses: true });
    assert.equal(document.delivery.max_connections, 4);
});

test('what is no number is left to the component, which says so', () => {
    assert.equal(settings({ server_kind: 'custom', server_port: 'submission' }).server.port, 'submission');
});

test('empty fields and boxes that are not ticked are left out', () => {
    const document = settings({
        server_kind: 'custom',
        server_host: 'h',
        server_port: ' ',
        privacy_hide_addresses: false,
        network_proxy: '',
        network_name_servers: '\n \n',
        tls_ca_file: null,
    });
    assert.deepEqual(document, { server: { kind: 'custom', host: 'h' }, auth: { method: 'none' } });
});

test('fields that do not belong to the choices are left out, with their secrets', () => {
    const document = settings(
        {
            server_kind: 'preset',
            server_provider: 'gmail',
            server_host: 'left.over',
            auth_method: 'password',
            auth_username: 'alice',
            auth_provider: 'google',
        },
        { auth_password: 'p', auth_client_secret: 'c' },
    );
    assert.deepEqual(document.server, { kind: 'preset', provider: 'gmail' });
    assert.deepEqual(document.auth, { method: 'password', username: 'alice', password: { $secret: 'p' } });
});

test('what the chosen row does not offer is left out, however it came there', () => {
    const values = { server_kind: 'preset', server_account_host: 'sv1234', server_region: 'eu-west-1' };
    const gmail = settings({ ...values, server_provider: 'gmail', server_submission: '587' });
    assert.deepEqual(gmail.server, { kind: 'preset', provider: 'gmail', submission: 587 });
    const sakura = settings({ ...values, server_provider: 'sakura' });
    assert.deepEqual(sakura.server, { kind: 'preset', provider: 'sakura', account_host: 'sv1234' });
    const unknown = settings({ ...values, server_provider: 'nobody' }); // the component says what is wrong with it
    assert.equal(unknown.server.account_host, 'sv1234');
});

test('values get the type that the schema has for them', () => {
    const made = (field, value) => {
        const fields = [{ name: 'f', pointer: '/f', ...field }];
        return settingsDocument({ settings: { fields }, options: {} }, { f: value }).settings.f;
    };
    assert.equal(made({ kind: 'number', types: ['number'] }, '2.5'), 2.5);
    assert.equal(made({ kind: 'number', types: ['integer'] }, '2.5'), '2.5');
    assert.deepEqual(
        ['1', 'true', 'null', 'x'].map((value) => made({ kind: 'select', values: [1, true, null, 'x'] }, value)),
        [1, true, null, 'x'],
    );
    assert.equal(made({ kind: 'select', values: ['1', 1] }, '1'), '1');
    assert.equal(made({ kind: 'boolean' }, false), undefined);
    assert.equal(made({ kind: 'boolean', required: true }, false), false);
    assert.equal(made({ kind: 'boolean', required: true, default: true }, undefined), true);
    assert.equal(made({ kind: 'fixed', required: true, default: 2 }, 'other'), 2);
});

test('what has one value only comes with its object', () => {
    const fields = [
        { name: 'a_v', pointer: '/a/v', kind: 'fixed', default: 2, written: true },
        { name: 'a_x', pointer: '/a/x', kind: 'text' },
    ];
    const made = (values) => settingsDocument({ settings: { fields }, options: {} }, values).settings;
    assert.deepEqual(made({ a_v: 'forged' }), {});
    assert.deepEqual(made({ a_x: 't' }), { a: { x: 't', v: 2 } });
});

test('a field whose own condition hangs on a hidden field is hidden', () => {
    const fields = [
        { name: 'a', pointer: '/a', kind: 'choice', values: ['x', 'y'] },
        { name: 'b', pointer: '/b', kind: 'choice', values: ['x', 'y'], shown: { a: ['x'] } },
        { name: 'c', pointer: '/c', kind: 'text', shown: { b: ['x'] } },
    ];
    const read = readValues(fields, { a: 'y', b: 'x', c: 'text' });
    assert.equal(read.get('c').shown, false);
    assert.equal(read.get('c').value, undefined);
});

test('members of other names, and inherited ones, come to nothing', () => {
    const values = JSON.parse(
        '{"server_kind":"custom","__proto__":{"server_host":"evil"},"constructor":"x","toString":"y"}',
    );
    assert.deepEqual(settings(values), { server: { kind: 'custom' }, auth: { method: 'none' } });
    assert.deepEqual(settings(Object.create({ server_kind: 'custom' })), { auth: { method: 'none' } });
    assert.equal({}.server_host, undefined);
});

test('lists and objects are no values of settings, and the error does not quote them', () => {
    for (const value of [{ host: 'hidden' }, ['hidden'], () => 'hidden']) {
        assert.throws(
            () => settings({ server_kind: 'custom', server_host: value }),
            (error) => {
                assert.equal(error.id, 'wrong-value');
                assert.equal(error.field, 'server_host');
                return !error.message.includes('hidden');
            },
        );
    }
});

/** The problems that the component itself finds, but for secrets that this test does not store. */
function problemsOf(values, credentials, home) {
    const read = readValues(panel.settings.fields, values);
    const { names } = accountSecrets(read, values.id, scopeOf(panel, read), credentials);
    const pointers = panel.settings.fields
        .filter(({ name }) => Object.hasOwn(names, name))
        .map(({ pointer }) => pointer);
    fs.writeFileSync(path.join(home, 'settings.json'), JSON.stringify(settings(values, names)));
    const found = spawnSync(
        path.join(wfcBuild, 'wfc'),
        [
            'invoke',
            panel.type,
            'validate',
            '--settings',
            path.join(home, 'settings.json'),
            '--json',
            '--components',
            path.join(wfcBuild, 'components'),
        ],
        { env: { ...process.env, WFC_HOME: home }, encoding: 'utf8' },
    );
    assert.equal(found.status, 0, found.stdout + found.stderr);
    const { problems } = JSON.parse(found.stdout);
    return problems.filter(({ pointer, severity }) => severity === 'error' && !pointers.includes(pointer));
}

const grants = {
    'authorization-code': { auth_client_id: 'c', auth_redirect_uri: 'http://127.0.0.1:48888/callback' },
    'device-code': { auth_client_id: 'c' },
    'client-credentials': { auth_client_id: 'c', auth_tenant: 'example.test' },
    'service-account': { auth_service_client: 'robot@example.test', auth_provider: 'google' },
    'refresh-token': { auth_client_id: 'c' },
};
const secretsOf = {
    'client-credentials': { auth_client_secret: 's' },
    'service-account': { auth_private_key: 's' },
    'refresh-token': { auth_refresh_token: 's' },
};

test('the component accepts the settings of every way to sign in', () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'settings-'));
    try {
        assert.deepEqual(problemsOf({ ...passwordAccount, auth_method: 'none' }, {}, home), []);
        assert.deepEqual(problemsOf(passwordAccount, { auth_password: 's' }, home), []);
        const all = panel.settings.fields.find(({ name }) => name === 'auth_grant').values;
        for (const grant of all.filter((each) => each !== 'access-token')) {
            const account = {
                id: 'x',
                server_kind: 'custom',
                server_host: 'mail.example.test',
                auth_method: 'oauth2',
                auth_grant: grant,
                auth_provider: 'microsoft',
                auth_username: 'bob@example.test',
                from: 'bob@example.test',
                ...grants[grant],
            };
            assert.deepEqual(problemsOf(account, secretsOf[grant] || {}, home), [], grant);
        }
        assert.deepEqual(problemsOf({ ...signInAccount }, { auth_refresh_token: 's' }, home), []);
    } finally {
        fs.rmSync(home, { recursive: true });
    }
});

test('the component accepts the settings of an access token, which has no tokens to keep', () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'settings-'));
    try {
        const account = {
            id: 'x',
            server_kind: 'custom',
            server_host: 'mail.example.test',
            auth_method: 'oauth2',
            auth_grant: 'access-token',
            auth_provider: 'microsoft',
            auth_username: 'bob@example.test',
            from: 'bob@example.test',
        };
        assert.deepEqual(problemsOf(account, { auth_access_token: 's' }, home), []);
    } finally {
        fs.rmSync(home, { recursive: true });
    }
});

test('the component accepts the settings of every preset', () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'settings-'));
    try {
        const { choices } = panel.options['providers.json'];
        assert.ok(choices.length > 5);
        for (const { id, offers = {} } of choices) {
            const first = (name) => (offers[name] && offers[name][0] ? offers[name][0].id : '');
            const account = {
                id: 'x',
                server_kind: 'preset',
                server_provider: id,
                from: 'bob@example.test',
                server_region: first('server_region'),
                server_account_host: offers.server_account_host ? 'example' : '',
                server_submission: first('server_submission'),
            };
            const found = problemsOf(account, {}, home); // of servers that want a person to sign in: about that alone
            assert.deepEqual(
                found.filter(({ pointer }) => !pointer.startsWith('/auth')),
                [],
                id,
            );
        }
    } finally {
        fs.rmSync(home, { recursive: true });
    }
});
