// What a function node makes comes of another realm: its Uint8Array and Map are not those of this code.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import vm from 'node:vm';
import {FakeAccount, accepted, deployed, lib} from './flow_fixture.mjs';
import {folderFor} from './fake_host.mjs';

const make = (code) => vm.runInNewContext(`(${code})`, {Buffer});
const given = async (msg, more) => {
  const flow = deployed({account: new FakeAccount(() => accepted()), ...more});
  const {port, msg: out} = await flow.give(msg);
  assert.equal(port, 'accepted', out.mail.error?.message);
  return flow.account.calls[0];
};

test('its bytes are bytes: as body, as attachment, as content and as a named property', async () => {
  const bytes = make('new Uint8Array([0, 1, 2, 3]).subarray(1)');
  assert.equal(bytes instanceof Uint8Array, false);
  const expected = Buffer.from([1, 2, 3]);
  for (const msg of [
    {payload: bytes},
    {payload: 'x', attachments: [bytes]},
    {payload: 'x', attachments: bytes},
    {payload: 'x', attachments: [{filename: 'a.bin', content: bytes}]},
    {payload: 'x', file: bytes, attachments: [{blob: 'file'}]},
  ]) {
    const {blobs} = await given(msg);
    assert.deepEqual(Object.values(blobs), [expected]);
  }
  const {writeBlobs, blobBytes} = lib('blobs.js');
  assert.equal(blobBytes({a: bytes}), 3);
});

test('its bytes are written as they are', async (t) => {
  const folder = folderFor(t);
  const {a} = await lib('blobs.js').writeBlobs(folder, {a: make('new Uint8Array([7, 8])')});
  assert.deepEqual(fs.readFileSync(path.join(folder, a)), Buffer.from([7, 8]));
});

test('its Map of headers is as silent as another', async () => {
  const {input} = await given({payload: 'x', attachments: [{content: 'y', headers: make("new Map([['a', 1]])")}]});
  assert.equal(input.attachments.length, 1);
});

test('what an array of bytes says of itself is not believed, and runs nothing', async () => {
  const {bytesOf} = lib('plain_value.js');
  const odd = new Uint8Array([1, 2]);
  for (const name of ['buffer', 'byteLength', 'byteOffset', 'length']) {
    Object.defineProperty(odd, name, {
      get() {
        throw new Error('ran');
      },
    });
  }
  assert.deepEqual(bytesOf(odd), Buffer.from([1, 2]));
  for (const other of [[1], 'x', null, new Uint16Array(1), {length: 1}, new Proxy(new Uint8Array(1), {})]) {
    assert.equal(bytesOf(other), undefined);
  }
});
