// Values of the environment: the flow file says ${HOST}, the deployed account knows what that is.
import assert from 'node:assert/strict';
import test from 'node:test';
import { passwordAccount } from './account_fixture.mjs';
import { password, tried, withEditor } from './stolen_fixture.mjs';

const environment = { ...passwordAccount, id: 'env1', server_host: '${HOST}', from: '${FROM}' };
const resolved = { server_host: 'inside.example.test', from: 'secret-name@example.test' };

test('values of the environment are those of the deployed account', () =>
    withEditor(async (it) => {
        it.red.deploy(environment, { auth_password: password }, resolved);
        const { used } = await tried(it, environment);
        assert.equal(used[0].settings.server.host, 'inside.example.test');
        assert.deepEqual(Object.values(used[0].secrets), [password]);
    }));

const notDeployed = {
    'another variable': { server_host: '${AWS_SECRET_ACCESS_KEY}' },
    'a variable in another field': { network_proxy: '${HOST}' },
    'the older way to write one': { server_host: '$(AWS_SECRET_ACCESS_KEY)' },
    'a known one with another server': { server_host: 'evil.example.test' },
    'a known one with another name server': { network_name_servers: '192.0.2.1:53' },
};
for (const [what, change] of Object.entries(notDeployed)) {
    test(`${what} is not looked up`, () =>
        withEditor(async (it) => {
            it.red.deploy(environment, { auth_password: password }, resolved);
            const { lines, used, text } = await tried(it, { ...environment, ...change }, { auth_password: 'typed' });
            assert.deepEqual(used, []);
            assert.equal(lines[0].error.id, 'not-deployed');
            assert.ok(!/inside|secret-name/.test(text));
        }));
}

test('a secret that names a variable is known once it is deployed', () =>
    withEditor(async (it) => {
        const { lines, used } = await tried(it, passwordAccount, { auth_password: '${PASSWORD}' });
        assert.deepEqual(used, []);
        assert.deepEqual(lines[0].error.fields, ['auth_password']);
    }));
