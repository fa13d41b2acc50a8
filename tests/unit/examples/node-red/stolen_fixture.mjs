// Somebody who may try out accounts in an editor, but does not know their secrets: what the tests of that share.
import assert from 'node:assert/strict';
import { editor, passwordAccount, signInAccount, valuesOf } from './account_fixture.mjs';

export const password = 'correct horse battery';
export const stored = { auth_password: { stored: true } };

/** An editor with both accounts deployed. */
export async function withEditor(work) {
    const it = await editor();
    try {
        it.red.deploy(passwordAccount, { auth_password: password });
        it.red.deploy(signInAccount, { auth_refresh_token: 'refresh-4711', auth_client_secret: 'client-4711' });
        await work(it);
    } finally {
        await it.close();
    }
}

/** Asks for a test of the connection with these values; → the lines, and what an action gave to the host. */
export async function tried(it, account, credentials = stored, action = 'test-connection') {
    const before = it.calls.used.length;
    const body = { action, account: { id: account.id, values: valuesOf(account), credentials } };
    const answer = await it.post('action', body);
    return { ...answer, used: it.calls.used.slice(before) };
}

/** The answer asks for these secrets, and nothing came to the host. */
export function refused({ lines, used }, fields) {
    assert.deepEqual(used, []);
    assert.equal(lines.length, 1);
    assert.equal(lines[0].type, 'error');
    assert.equal(lines[0].error.id, 'secret-needed');
    assert.deepEqual(lines[0].error.fields, fields);
}
