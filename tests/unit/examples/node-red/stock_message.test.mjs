import assert from 'node:assert/strict';
import test from 'node:test';
import {lib, panel} from './flow_fixture.mjs';

const {fromMessage} = lib('stock_message.js');
const {Unusable} = lib('plain_value.js');
const {texts} = lib('stock_words.js');

/** What a message becomes; `given` are fields of the node, `fixed` those typed as texts. */
function read(msg, {given = {}, flags = {}, roots = [], language = 'en', fixed = []} = {}) {
  const context = {panel, flags, roots, language, isFixed: (name) => fixed.includes(name)};
  const made = fromMessage(msg, new Map(Object.entries(given)), context);
  return {...made, input: JSON.parse(JSON.stringify(made.input)), warned: made.warnings.map(({id}) => id.trim())};
}

function refused(msg, options) {
  try {
    read(msg, options);
  } catch (error) {
    assert.ok(error instanceof Unusable, String(error.stack));
    return error.message;
  }
  return assert.fail('it was taken');
}

test('a text message of the stock node becomes the same mail', () => {
  const msg = {
    _msgid: '1',
    to: 'a@x.test, b@x.test',
    cc: ['c@x.test', 'd@x.test'],
    bcc: {name: 'E', address: 'e@x.test'},
    replyTo: 'f@x.test',
    from: 'g@x.test',
    topic: 'Subject',
    payload: 'Hello',
    priority: 'High',
    inReplyTo: 'one@x.test',
    references: ['<1@x>', '2@x'],
  };
  const {input, blobs, warned} = read(msg);
  assert.deepEqual(input, {
    from: 'g@x.test',
    to: 'a@x.test, b@x.test',
    cc: 'c@x.test, d@x.test',
    bcc: {name: 'E', address: 'e@x.test'},
    reply_to: 'f@x.test',
    headers: {'In-Reply-To': '<one@x.test>', References: '<1@x> <2@x>'},
    text: 'Hello',
    subject: 'Subject',
    priority: 'high',
  });
  assert.deepEqual(blobs, {});
  assert.deepEqual(warned, []);
});

test('the subject is topic, title or a sentence, and an empty topic stays empty', () => {
  assert.equal(read({payload: 'x', title: 'T'}).input.subject, 'T');
  assert.equal(read({payload: 'x'}).input.subject, 'Message from Node-RED');
  assert.equal(read({payload: 'x'}, {language: 'ja'}).input.subject, 'Node-RED からのメッセージ');
  assert.equal(read({payload: 'x', topic: ''}).input.subject, '');
  assert.equal(read({payload: 'x', topic: 42}).input.subject, '42');
  assert.equal(read({payload: 'x', topic: ''}, {given: {template: 'SignIn'}}).input.subject, undefined);
});

test('an answer to a message that the stock node received is an answer', () => {
  const {input} = read({payload: 'x', topic: 'S', header: {'message-id': '<m@x>'}});
  assert.equal(input.subject, 'Re: S');
  assert.deepEqual(input.headers, {'In-Reply-To': '<m@x>'});
});

test('HTML in the payload is HTML, with plaintext beside it', () => {
  assert.deepEqual(read({payload: '<p>Hi</p>', plaintext: 'Hi', topic: ''}).input, {
    html: '<p>Hi</p>',
    text: 'Hi',
    subject: '',
  });
  assert.equal(read({payload: '<p>Hi</p>'}).input.text, undefined);
  assert.deepEqual(read({payload: '1 < 2', plaintext: 'no', topic: ''}).input, {text: '1 < 2', subject: ''});
  assert.deepEqual(read({payload: 'Hi', html: '<b>Hi</b>', topic: ''}).input, {
    text: 'Hi',
    html: '<b>Hi</b>',
    subject: '',
  });
});

test('a hostile text is judged in one pass', () => {
  const {input} = read({payload: '<a'.repeat(2000000)});
  assert.equal(input.html, undefined);
});

test('data in the payload is handed over as data', () => {
  assert.deepEqual(read({payload: {a: 1}, topic: ''}).input, {payload: {a: 1}, subject: ''});
  assert.deepEqual(read({payload: 5, topic: ''}).input, {payload: 5, subject: ''});
  assert.match(refused({topic: 'x'}), /^msg\.payload is missing/);
});

test('a Buffer is an attachment, named by its first bytes or msg.filename', () => {
  const payload = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
  const {input, blobs} = read({payload, topic: ''});
  assert.deepEqual(input.attachments, [{blob: 'attachment-1', name: 'attachment.png'}]);
  assert.equal(input.text, 'Attached file: attachment.png');
  assert.deepEqual(blobs['attachment-1'], payload);
  assert.equal(blobs['attachment-1'].buffer, payload.buffer, 'nothing is copied');
  const named = read({
    payload,
    filename: '/tmp/図.png',
    description: 'See',
    attachments: [{content: 'x'}],
    topic: '',
  });
  assert.deepEqual(named.input.attachments, [{blob: 'attachment-1', name: '図.png'}]);
  assert.equal(named.input.text, 'See');
  assert.deepEqual(named.warned, ['buffer-only']);
  const typed = {payload, headers: {'content-type': 'image/x-own'}};
  assert.equal(read(typed).input.attachments[0].type, undefined);
  assert.equal(read(typed, {flags: {use_headers: true}}).input.attachments[0].type, 'image/x-own');
});

test('attachments of Buffers and strings are taken', () => {
  const {input, blobs} = read({
    payload: 'x',
    attachments: [
      {filename: 'a.txt', content: 'text'},
      {filename: 'b.bin', content: 'AAEC', encoding: 'base64', contentType: 'application/x-b', cid: '<b@x>'},
      Buffer.from('c'),
      {type: 'attachment', filename: false, headers: new Map(), content: Buffer.from('d')},
    ],
  });
  assert.deepEqual(input.attachments, [
    {blob: 'attachment-1', name: 'a.txt'},
    {blob: 'attachment-2', name: 'b.bin', type: 'application/x-b', content_id: 'b@x'},
    {blob: 'attachment-3', name: 'attachment-3.bin'},
    {blob: 'attachment-4', name: 'attachment-4.bin'},
  ]);
  assert.equal(blobs['attachment-1'], 'text');
  assert.deepEqual(blobs['attachment-2'], Buffer.from([0, 1, 2]));
});

test('what would be fetched or read is refused with the name of the member', () => {
  const one = (attachment, options) => refused({payload: 'x', attachments: [attachment]}, options);
  assert.match(one({href: 'http://x.test/'}), /^msg\.attachments\[0\]\.href is not taken/);
  assert.match(one({raw: 'x'}), /^msg\.attachments\[0\]\.raw is not taken/);
  assert.match(one({path: 'data:text/plain,x'}, {roots: ['/srv']}), /path is an address/);
  assert.match(one({path: 'file:///etc/passwd'}, {roots: ['/srv']}), /path is an address/);
  assert.match(one({path: '/etc/passwd'}), /no folder is open to flows.*mailSend\.roots in settings\.js/);
  assert.match(one({content: {pipe() {}}}), /^msg\.attachments\[0\]\.content is no Buffer and no string/);
  assert.match(one({content: 'x', encoding: 'rot13'}), /encoding is none that is known/);
  assert.match(one({filename: 'a'}), /has no content/);
  assert.match(one({content: 'a', path: 'b'}, {roots: ['/srv']}), /content and path/);
  assert.match(one('x'), /is no attachment/);
  assert.match(refused({payload: 'x', envelope: {from: 'a'}}), /^msg\.envelope is not taken/);
});

test('files are named where the administrator gave folders', () => {
  const {input} = read({payload: 'x', attachments: [{path: 'report.pdf', filename: 'r.pdf'}]}, {roots: ['/srv']});
  assert.deepEqual(input.attachments, [{path: 'report.pdf', name: 'r.pdf'}]);
});

test('attachments in the own form name files and properties of msg', () => {
  const chart = Buffer.from([0x89, 0x50]);
  const attachments = [
    {blob: 'data.chart', name: '図.png', type: 'image/png', content_id: 'chart'},
    {path: 'a.pdf'},
  ];
  const {input, blobs} = read(
    {payload: 'x', data: {chart}, attachments: [{href: 'never read'}]},
    {given: {attachments}, roots: ['/srv']},
  );
  assert.deepEqual(input.attachments, [
    {blob: 'attachment-1', name: '図.png', type: 'image/png', content_id: 'chart'},
    {path: 'a.pdf'},
  ]);
  assert.equal(blobs['attachment-1'].buffer, chart.buffer);
  const payload = read({payload: chart}, {given: {attachments: [{blob: 'payload', name: 'a.png'}], text: 'See'}});
  assert.equal(payload.input.attachments.length, 1);
  assert.match(refused({payload: 'x'}, {given: {attachments: [{blob: '__proto__'}]}}), /which is no Buffer/);
});

test('100 MB are refused', () => {
  assert.match(refused({payload: Buffer.alloc(100 * 1024 * 1024)}), /^msg\.payload is too large: .* 50 MiB/);
  const half = Buffer.alloc(26 * 1024 * 1024);
  assert.match(
    refused({payload: 'x', attachments: [{content: half}, {content: half}]}),
    /^msg\.attachments\[1\]\.content is too large/,
  );
  const many = new Array(101).fill({content: 'x'});
  assert.match(refused({payload: 'x', attachments: many}), /more than 100 attachments/);
});

test('msg.headers is used with the box only, and never for what belongs to the transfer', () => {
  const headers = {
    'X-Flow': 'daily',
    'X-Count': 3,
    Cookie: 'c',
    'set-cookie': ['a'],
    authorization: 'Bearer x',
    'Proxy-Authorization': 'x',
    HOST: 'h',
    Received: 'r',
    bcc: 'b@x.test',
    ' Bcc': 'b',
    'DKIM-Signature': 'd',
    'dkim-filter': 'd',
    'Content-Type': 'text/x',
    'user-agent': 'u',
    'X-Api-Key': 'k',
  };
  const msg = {payload: 'x', headers};
  assert.equal(read(msg).input.headers, undefined);
  const {input, warned} = read(msg, {flags: {use_headers: true}});
  assert.deepEqual(input.headers, {'X-Flow': 'daily', 'X-Count': '3'});
  assert.equal(warned.length, 13);
  assert.ok(warned.includes('header Cookie'));
  const mapped = read(msg, {given: {headers}});
  assert.deepEqual(mapped.input.headers, {'X-Flow': 'daily', 'X-Count': '3'});
  assert.match(
    refused({payload: 'x', headers: {'X-A': {prepared: true}}}, {flags: {use_headers: true}}),
    /X-A"\] must be a string/,
  );
});

test('headers that the component judges are passed on as they are', () => {
  const {input} = read(
    {payload: 'x', headers: {'X-A': 'a\r\nBcc: b@x.test', Subject: 's'}},
    {flags: {use_headers: true}},
  );
  assert.deepEqual(input.headers, {'X-A': 'a\r\nBcc: b@x.test', Subject: 's'});
});

test('a field goes before the message, also where it came out empty', () => {
  const msg = {payload: 'body', to: 'm@x.test', cc: 'c@x.test', topic: 'T', html: '<i>m</i>', priority: 'high'};
  const {input} = read(msg, {
    given: {to: 'f@x.test', cc: undefined, subject: 7, text: 'own', html: '<b>own</b>', priority: 'low'},
  });
  assert.deepEqual(input, {to: 'f@x.test', subject: '7', text: 'own', html: '<b>own</b>', priority: 'low'});
});

test('with a fixed "To" the message adds nobody, as with the stock node, and it is said', () => {
  const msg = {payload: 'x', cc: 'c@x.test', bcc: 'b@x.test', replyTo: 'r@x.test'};
  const {input, warned} = read(msg, {given: {to: 'f@x.test'}, fixed: ['to']});
  assert.deepEqual([input.cc, input.bcc, input.reply_to], [undefined, undefined, undefined]);
  assert.deepEqual(warned, ['fixed-to cc', 'fixed-to bcc', 'fixed-to replyTo']);
});

test('a template gets the payload as data', () => {
  const {input} = read({payload: {code: '1'}, topic: ''}, {given: {template: 'SignIn'}});
  assert.deepEqual(input, {template: 'SignIn', payload: {code: '1'}});
});

test('a priority that is none is passed over, and it is said', () => {
  const {input, warned} = read({payload: 'x', priority: 5});
  assert.equal(input.priority, undefined);
  assert.deepEqual(warned, ['priority']);
});

test('members of msg that are no plain data are named', () => {
  const cyclic = {};
  cyclic.self = cyclic;
  assert.match(refused({payload: cyclic}), /^msg\.payload\.self holds itself/);
  assert.match(refused({payload: 'x', to: 5n}), /^msg\.to is a BigInt/);
  assert.match(
    refused({
      payload: 'x',
      get to() {
        throw new Error('ran');
      },
    }),
    /^msg\.to is computed by a getter/,
  );
  assert.match(refused({payload: 'x', topic: {}}), /^msg\.topic must be a string/);
  assert.match(refused({payload: 'x', to: [{address: 5}]}), /^msg\.to must be an address/);
  assert.match(refused(new Proxy({payload: 'x'}, {})), /^msg is a Proxy/);
  assert.deepEqual(
    read(JSON.parse('{"payload": {"__proto__": {"to": "p@x.test"}}, "topic": ""}')).input.to,
    undefined,
  );
  assert.equal(read(Object.create({to: 'p@x.test'}, {payload: {value: 'x'}})).input.to, undefined);
});

test('texts stand in both languages', () => {
  assert.deepEqual(Object.keys(texts.en), Object.keys(texts.ja));
});
