// What the editor's actions answer.
import assert from 'node:assert/strict';
import test from 'node:test';
import { editor, passwordAccount, signInAccount, until, valuesOf } from './account_fixture.mjs';

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
const never = () => new Promise(() => {});

test('an action answers in lines: started, progress, result', () =>
    withEditor(async ({ post, calls }) => {
        calls.answers = async ({ onProgress }) => {
            onProgress({ stage: 'connect', row: { stage: 'connect', verdict: 'ok' } });
            return {
                status: 'ok',
                outcome: 'succeeded',
                document: { format: 1, outcome: 'succeeded', report: [] },
                blobs: {},
            };
        };
        const { status, headers, lines } = await post(
            'action',
            ask('test-connection', { language: 'ja', input: { to: ' b@example.test ' } }),
        );
        assert.equal(status, 200);
        assert.match(headers['content-type'], /^application\/x-ndjson/);
        assert.equal(headers['cache-control'], 'no-store');
        assert.equal(headers['x-accel-buffering'], 'no');
        assert.match(lines[0].run, /^[0-9a-f]{32}$/);
        assert.deepEqual(
            lines.map(({ type }) => type),
            ['started', 'progress', 'result'],
        );
        assert.deepEqual(lines[1].event.row, { stage: 'connect', verdict: 'ok' });
        assert.deepEqual([lines[2].status, lines[2].outcome], ['ok', 'succeeded']);
        const [call] = calls.invoked;
        assert.deepEqual(call.input, { to: 'b@example.test' });
        assert.equal(call.ahead, true);
        assert.equal(call.effects, 'none');
        assert.equal(call.timeoutMs, 2 * 60 * 1000);
    }));

test('an action speaks the language of the editor, whatever the account speaks', () =>
    withEditor(async ({ post, calls }) => {
        for (const [language, spoken] of [
            ['ja', 'ja'],
            ['en', 'en'],
            ['fr', 'en'],
            [undefined, 'en'],
        ]) {
            await post('action', ask('test-connection', { language }));
            assert.equal(calls.used.at(-1).settings.language, spoken);
            assert.equal(calls.invoked.at(-1).language, spoken);
        }
    }));

test('its component is dropped when it is over, also after a failure', () =>
    withEditor(async ({ post, calls }) => {
        await post('action', ask('validate'));
        calls.answers = async () => {
            throw new Error('broken');
        };
        await post('action', ask('validate'));
        assert.equal(calls.components.size, 0);
        assert.equal(calls.dropped.length, 2);
    }));

test('a sign-in asks the person, takes the answer and has fifteen minutes', () =>
    withEditor(async ({ post, open, calls }) => {
        let finish;
        calls.answers = ({ onPrompt }) => {
            onPrompt({ kind: 'url', url: 'https://id.example.test/', paste: true });
            return new Promise((done) => {
                finish = done;
            });
        };
        const stream = open({ action: 'sign-in', account: { id: 'fresh', values: valuesOf(signInAccount) } });
        const { run } = await stream.next();
        assert.deepEqual((await stream.next()).question, { kind: 'url', url: 'https://id.example.test/', paste: true });
        assert.equal(calls.invoked[0].timeoutMs, 15 * 60 * 1000);
        assert.deepEqual((await post('answer', { run, pasted: 'http://127.0.0.1/?code=1' })).lines, [{ known: true }]);
        assert.deepEqual(calls.pasted, ['http://127.0.0.1/?code=1']);
        finish({
            status: 'ok',
            outcome: 'succeeded',
            document: { format: 1, outcome: 'succeeded', account: {} },
            blobs: {},
        });
        assert.equal((await stream.next()).type, 'result');
        await until(() => calls.dropped.length === 1);
        assert.deepEqual((await post('answer', { run, pasted: 'late' })).lines, [{ known: false }]);
        assert.deepEqual(calls.pasted.length, 1);
    }));

test('an answer to no run, or of the wrong form, reaches nobody', () =>
    withEditor(async ({ post, open, calls }) => {
        calls.answers = never;
        const stream = open(ask('test-connection'));
        const { run } = await stream.next();
        for (const other of ['', 'x', run.slice(1), '__proto__', 7, null, undefined, [run]]) {
            assert.deepEqual(
                (await post('answer', { run: other, pasted: 'p' })).lines,
                [{ known: false }],
                String(other),
            );
        }
        assert.equal((await post('answer', { run, pasted: 7 })).status, 400);
        assert.equal((await post('answer', { run, pasted: 'p'.repeat(20000) })).status, 400);
        assert.deepEqual(calls.pasted, []);
    }));

test('cancel ends the action, which then says how it ended', () =>
    withEditor(async ({ post, open, calls }) => {
        calls.answers = never;
        const stream = open(ask('send-test', { input: { to: 'b@example.test' } }));
        const { run } = await stream.next();
        assert.deepEqual((await post('cancel', { run })).lines, [{ known: true }]);
        assert.equal((await stream.next()).outcome, 'cancelled');
        assert.deepEqual((await post('cancel', { run: 'other' })).lines, [{ known: false }]);
    }));

test('a closed connection cancels the action', () =>
    withEditor(async ({ open, calls }) => {
        calls.answers = never;
        const stream = open(ask('test-connection'));
        await stream.next();
        stream.close();
        await until(() => calls.cancelled === 1 && calls.dropped.length === 1);
    }));

test('at most eight actions run at once, and one that ended makes room', () =>
    withEditor(async ({ open, post, calls }) => {
        calls.answers = never;
        const streams = Array.from({ length: 8 }, () => open(ask('test-connection')));
        const runs = await Promise.all(streams.map((stream) => stream.next()));
        const { status, text } = await post('action', ask('validate'));
        assert.equal(status, 429);
        assert.match(text, /"too-many"/);
        await post('cancel', { run: runs[0].run });
        await until(() => calls.dropped.length === 1);
        calls.answers = async () => ({ status: 'ok', outcome: 'succeeded', document: {}, blobs: {} });
        assert.equal((await post('action', ask('validate'))).status, 200);
    }));

test("the preview's message comes as text, and not when it is above 1 MiB", () =>
    withEditor(async ({ post, calls }) => {
        const answer = (data) => async () => ({
            status: 'ok',
            outcome: 'succeeded',
            document: { preview: {} },
            blobs: { 'message.eml': { bytes: 9, data } },
        });
        calls.answers = answer(Buffer.from('Subject: 日報\r\n'));
        const { lines } = await post(
            'action',
            ask('preview', { input: { to: 'b@example.test', payload: { n: 1 }, attachments: [] } }),
        );
        assert.deepEqual(lines.at(-1).files, { 'message.eml': 'Subject: 日報\r\n' });
        assert.deepEqual(calls.invoked[0].save, ['message.eml']);
        assert.deepEqual(calls.invoked[0].input, { to: 'b@example.test', attachments: [], payload: { n: 1 } });
        for (const data of [null, Buffer.alloc(1024 * 1024 + 1)]) {
            calls.answers = answer(data);
            assert.equal((await post('action', ask('preview'))).lines.at(-1).files, undefined);
        }
    }));

test('validate leaves out problems that there are only because no secret was given', () =>
    withEditor(async ({ post, calls }) => {
        const problem = (pointer) => ({ pointer, severity: 'error', message: 'x' });
        calls.answers = async () => ({
            status: 'ok',
            outcome: 'succeeded',
            blobs: {},
            document: {
                problems: [problem('/auth/password'), problem('/server/port')],
            },
        });
        const found = async (credentials) => {
            const { lines } = await post('action', { action: 'validate', account: { ...account, credentials } });
            return lines.at(-1).document.problems.map(({ pointer }) => pointer);
        };
        assert.deepEqual(await found({ auth_password: { stored: true } }), ['/server/port']);
        assert.deepEqual(await found({ auth_password: { typed: true } }), ['/server/port']);
        assert.deepEqual(await found({ auth_password: '' }), ['/auth/password', '/server/port']);
    }));

test('validate says nothing of a value of the environment, which is not looked up for it', () =>
    withEditor(async (it) => {
        it.calls.answers = async () => ({
            status: 'invalid-settings',
            outcome: 'failed',
            blobs: {},
            document: {
                outcome: 'failed',
                error: { id: 'settings.invalid', pointer: '/server/host' },
            },
        });
        const validate = (server_host) =>
            it.post('action', {
                action: 'validate',
                account: { ...account, values: { ...account.values, server_host } },
            });
        assert.deepEqual((await validate('${HOST}')).lines.at(-1).document.problems, []);
        assert.equal(it.calls.used[0].settings.server.host, '${HOST}');
        assert.equal((await validate('not a host')).lines.at(-1).status, 'invalid-settings');
    }));

test('an action that needs no account runs without one', () =>
    withEditor(async ({ post, calls }) => {
        await post('action', { action: 'explain', language: 'ja', input: { reply: '535 5.7.8 no' } });
        assert.equal(calls.used[0].settings, null);
        assert.deepEqual(calls.invoked[0].input, { reply: '535 5.7.8 no', language: 'ja' });
    }));

const refusals = [
    ['an action that is none', 'unknown-action', { action: 'send', account }],
    ['an inherited action', 'unknown-action', { action: 'constructor', account }],
    ['an action of other choices', 'not-shown', ask('sign-in')],
    ['no account where one is needed', 'bad-account', { action: 'validate' }],
    ['an input that the action has not', 'unknown-field', ask('test-connection', { input: { from: 'x' } })],
    ['an input that is a list', 'bad-request', ask('test-connection', { input: ['x'] })],
    ['another member', 'bad-request', ask('validate', { settings: {} })],
    [
        'a secret that is too long',
        'too-long',
        { action: 'validate', account: { ...account, credentials: { auth_password: 'x'.repeat(300000) } } },
    ],
];
for (const [what, id, body] of refusals) {
    test(`${what} is refused with ${id}, before anything is asked of the host`, () =>
        withEditor(async ({ post, calls }) => {
            const { lines } = await post('action', body);
            assert.equal(lines[0].error.id, id);
            assert.ok(lines[0].error.message.length > 10);
            assert.deepEqual(calls.used, []);
        }));
}

test("refusals are in the catalogue's words where it has them", () =>
    withEditor(async ({ host, post }) => {
        host.words = (language, key) =>
            key === 'panel.refused.unknown-action' ? `${language}: そのような操作はありません` : undefined;
        const { lines } = await post('action', { action: 'x', language: 'ja' });
        assert.equal(lines[0].error.message, 'ja: そのような操作はありません');
    }));
