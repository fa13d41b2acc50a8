// Lines of the protocol, and what of a log line reaches a log.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { lib, require } from './fake_host.mjs';

const { LineReader, Unwritable, jsonText, joinLine } = require(path.join(lib, 'lines.js'));
const { HostLog, printable } = require(path.join(lib, 'host_log.js'));

function read(chunks, limit) {
    const found = [];
    const reader = new LineReader((line) => found.push(line.toString()), () => found.push(null), limit);
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
    return found;
}

test('lines come whole however the bytes are cut', () => {
    const text = Buffer.from('{"a":"日本"}\n\n{"b":2}\nrest');
    const whole = ['{"a":"日本"}', '', '{"b":2}'];
    assert.deepEqual(read([text]), whole);
    assert.deepEqual(read([...text].map((byte) => [byte])), whole);
});

test('a line over the limit is told once and skipped to its end', () => {
    assert.deepEqual(read(['12345\n123456', '789', '\n1\n'], 5), ['12345', null, '1']);
    assert.deepEqual(read(['1234567\n1\n'], 5), [null, '1']);
});

test('a line that is written has one LF, texts that are whole, and its members as given', () => {
    const line = joinLine({ id: 1, text: 'a\n\ud83d\u2028' }, { input: '{"x":[1]}' }).toString();
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.deepEqual(JSON.parse(line), { id: 1, text: 'a\n\ufffd\u2028', input: { x: [1] } });
    assert.equal(jsonText({ k: '\\ud83d', '\udc00': '😀' }), '{"k":"\\\\ud83d","\ufffd":"😀"}');
});

test('what is no plain data, nested too deeply or too long is refused by its reason', () => {
    const reason = (act) => {
        try {
            act();
        } catch (error) {
            assert.ok(error instanceof Unwritable);
            return error.reason;
        }
        return undefined;
    };
    const cyclic = [];
    cyclic.push(cyclic);
    const nested = (depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    assert.equal(reason(() => jsonText(cyclic)), 'not-plain');
    assert.equal(reason(() => jsonText(undefined)), 'not-plain');
    assert.equal(reason(() => jsonText({ toJSON() { throw new Error('no'); } })), 'not-plain');
    assert.equal(reason(() => jsonText(nested(60))), undefined);
    assert.equal(reason(() => jsonText(nested(61))), 'too-deep');
    assert.equal(reason(() => jsonText({ text: '[[[["\\'.repeat(100) })), undefined);
    assert.equal(reason(() => joinLine({ a: 'x'.repeat(100) }, {}, 100)), 'too-long');
});

test('what is shown is one printable line', () => {
    assert.equal(printable('a\nb\u001b[1m\u202e'), 'a\\u{a}b\\u{1b}[1m\\u{202e}');
    assert.equal(printable('x'.repeat(20), 5), 'xxxxx …');
});

test('a log that pours is cut off and counted, and one that throws harms nothing', () => {
    const lines = [];
    let now = 0;
    const log = new HostLog((level, text) => lines.push(`${level} ${text}`), () => now);
    for (let i = 0; i < 1000; i++) log.pass('info', `line ${i}`);
    assert.equal(lines.length, 200);
    log.say('error', 'own');
    now = 20000;
    log.passLine({ type: 'log', level: 'strange', event: 'sent', component: 'a.1', fields: { to: 'x y', n: 1 } });
    log.passLine({ type: 'log', fields: {} });
    assert.deepEqual(lines.slice(200), [
        'error own', 'warning wfc serve: 800 more lines were left out', 'info a.1: sent to="x y" n=1',
    ]);
    new HostLog(() => {
        throw new Error('full');
    }).say('info', 'x');
});
