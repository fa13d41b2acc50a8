// Which requests the editor's endpoints take at all.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { editor, panel, passwordAccount, valuesOf } from './account_fixture.mjs';

async function withEditor(work, options) {
    const it = await editor(options);
    try {
        await work(it);
    } finally {
        await it.close();
    }
}

const account = {
    id: passwordAccount.id,
    values: valuesOf(passwordAccount),
    credentials: { auth_password: 'typed-secret' },
};
const ask = (action, more = {}) => ({ action, account, ...more });

test('each endpoint asks for the permission of its own', () =>
    withEditor(async ({ red, post }) => {
        red.denies = true;
        for (const name of ['action', 'answer', 'cancel'])
            assert.equal((await post(name, ask('validate'))).status, 401);
        assert.deepEqual(red.permissions, Array(3).fill(`${panel.type}.action`));
    }));

for (const parsed of [true, false]) {
    const where = parsed ? "behind Node-RED's reader of JSON" : 'on its own';
    test(`only JSON is taken, ${where}`, () =>
        withEditor(
            async ({ post, calls }) => {
                for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', null]) {
                    const { status, text } = await post('action', ask('validate'), { 'Content-Type': type });
                    assert.equal(status, 415, String(type));
                    assert.match(text, /"not-json-content"/);
                }
                const answer = await post('action', ask('validate'), {
                    'Content-Type': 'application/json; charset=utf-8',
                });
                assert.equal(answer.status, 200);
                assert.equal(calls.invoked.length, 1);
            },
            { parsed },
        ));

    test(`a request above 1 MiB is refused, ${where}`, () =>
        withEditor(
            async ({ post, calls }) => {
                const { status } = await post('action', ask('validate', { input: { x: 'y'.repeat(1024 * 1024) } }));
                assert.equal(status, 413);
                assert.equal(calls.invoked.length, 0);
            },
            { parsed },
        ));

    test(`what is compressed is refused: nobody knows how large it becomes, ${where}`, () =>
        withEditor(
            async ({ post, calls }) => {
                const body = JSON.stringify(ask('validate', { input: { x: 'y'.repeat(2 * 1024 * 1024) } }));
                for (const [encoding, pack] of Object.entries({ gzip: gzipSync, deflate: deflateSync })) {
                    const { status, text } = await post('action', pack(body), { 'Content-Encoding': encoding });
                    assert.deepEqual([status, JSON.parse(text).error.id], [415, 'encoded']);
                }
                assert.equal(calls.invoked.length, 0);
                const plain = await post('action', ask('validate'), { 'Content-Encoding': 'identity' });
                assert.equal(plain.status, 200);
            },
            { parsed },
        ));

    test(`what is no JSON object is refused, ${where}`, () =>
        withEditor(
            async ({ post }) => {
                for (const body of ['[]', '[1]']) assert.equal((await post('action', body)).status, 400, body);
            },
            { parsed },
        ));
}

const own = (port) => `http://127.0.0.1:${port}`;
const origins = [
    ['the editor, as browsers say it', 200, () => ({ 'Sec-Fetch-Site': 'same-origin' })],
    [
        'the editor, in a browser that says only where it comes from',
        200,
        (port) => ({ 'Sec-Fetch-Site': null, Origin: own(port) }),
    ],
    ['a foreign page', 403, (port) => ({ 'Sec-Fetch-Site': 'cross-site', Origin: own(port) })],
    ['a page beside it', 403, (port) => ({ 'Sec-Fetch-Site': 'same-site', Origin: own(port) })],
    ['a foreign origin', 403, () => ({ 'Sec-Fetch-Site': null, Origin: 'http://evil.example.test' })],
    ['another port', 403, (port) => ({ 'Sec-Fetch-Site': null, Origin: own(port + 1) })],
    ['a page without an origin', 403, () => ({ 'Sec-Fetch-Site': null, Origin: 'null' })],
    ['who does not say', 403, () => ({ 'Sec-Fetch-Site': null })],
    [
        'a forged host of a proxy that nobody trusts',
        403,
        () => ({
            'Sec-Fetch-Site': null,
            Origin: 'https://nodes.example.test',
            'X-Forwarded-Host': 'nodes.example.test',
        }),
    ],
];
for (const [who, expected, headers] of origins) {
    test(`${who}: ${expected}`, () =>
        withEditor(async ({ post, port, calls }) => {
            const { status } = await post('action', ask('validate'), headers(port));
            assert.equal(status, expected);
            assert.equal(calls.invoked.length, expected === 200 ? 1 : 0);
        }));
}

test('behind a proxy that Express trusts its host is the one that counts', () =>
    withEditor(
        async ({ post, port }) => {
            const forwarded = { 'Sec-Fetch-Site': null, 'X-Forwarded-Host': 'nodes.example.test' };
            assert.equal(
                (await post('action', ask('validate'), { ...forwarded, Origin: 'https://nodes.example.test' })).status,
                200,
            );
            assert.equal((await post('action', ask('validate'), { ...forwarded, Origin: own(port) })).status, 403);
        },
        { trust: 'loopback' },
    ));
