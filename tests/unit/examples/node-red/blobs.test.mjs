// Files through which bytes go, and the program that is looked for.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folderFor, lib, require } from './fake_host.mjs';

const { blobBytes, readBlob, removeBlobs, writeBlobs } = require(path.join(lib, 'blobs.js'));
const { findWfc } = require(path.join(lib, 'find_wfc.js'));

test('what is written is new, for this user only, and gone when it is removed', async (t) => {
    const folder = folderFor(t);
    const blobs = { a: Buffer.from('one'), b: '二', __proto__x: new Uint8Array([33]) };
    assert.equal(blobBytes(blobs), 3 + 3 + 1);
    const files = await writeBlobs(folder, blobs);
    assert.deepEqual(Object.keys(files), Object.keys(blobs));
    for (const file of Object.values(files)) {
        assert.match(file, /^[A-Za-z0-9._-]{1,128}$/);
        assert.equal(fs.statSync(path.join(folder, file)).mode & 0o777, 0o600);
    }
    assert.equal(fs.readFileSync(path.join(folder, files.b), 'utf8'), '二');
    await removeBlobs(folder, files);
    await removeBlobs(folder, files);
    assert.deepEqual(fs.readdirSync(folder), []);
});

test('what cannot be written whole leaves nothing behind', async (t) => {
    const folder = folderFor(t);
    await assert.rejects(writeBlobs(folder, { a: 'x', b: { not: 'bytes' } }));
    assert.deepEqual(fs.readdirSync(folder), []);
    await assert.rejects(writeBlobs(path.join(folder, 'none'), { a: 'x' }), { code: 'ENOENT' });
    assert.throws(() => blobBytes({ chart: { type: 'Buffer', data: [1] } }), /chart: only a Buffer or a string/);
});

test('what is read back is a regular file of the folder itself and not too long', async (t) => {
    const folder = folderFor(t);
    fs.writeFileSync(path.join(folder, 'good'), 'text');
    fs.symlinkSync('good', path.join(folder, 'link'));
    fs.mkdirSync(path.join(folder, 'below'));
    assert.equal((await readBlob(folder, 'good', 4)).toString(), 'text');
    for (const [file, limit] of [['good', 3], ['link', 9], ['below', 9], ['none', 9], ['../x', 9], ['..', 9], [7, 9]]) {
        assert.equal(await readBlob(folder, file, limit), null, String(file));
    }
});

test('wfc is the administrator\'s, then WFC\'s, then the package\'s, then that of PATH', () => {
    const env = { WFC: '/opt/wfc', PATH: 'relative:/usr/bin' };
    const all = () => true;
    const only = (...files) => (file) => files.includes(file);
    assert.deepEqual(findWfc({ wfc: '/own', env, exists: all }), { command: '/own', from: 'the setting wfc' });
    assert.deepEqual(findWfc({ env, exists: all }), { command: '/opt/wfc', from: 'WFC' });
    delete env.WFC;
    assert.deepEqual(findWfc({ env, packageDir: '/p', exists: all }), { command: '/p/bin/wfc', from: 'package' });
    assert.deepEqual(findWfc({ env, packageDir: '/p', exists: only('/usr/bin/wfc', 'relative/wfc') }),
        { command: '/usr/bin/wfc', from: 'PATH' });
});

test('a wfc that is named and not there is not passed over, and what is missing says what to do', (t) => {
    const folder = folderFor(t);
    const there = (file) => file !== '/opt/none';
    assert.throws(() => findWfc({ env: { WFC: '/opt/none', PATH: '/usr/bin' }, exists: there }),
        /WFC names \/opt\/none, which is no program.*Set the environment variable WFC/);
    assert.throws(() => findWfc({ env: { PATH: folder } }), { id: 'wfc-missing' });
    fs.writeFileSync(path.join(folder, 'wfc'), '', { mode: 0o644 });
    assert.throws(() => findWfc({ env: { PATH: folder } }), /not in PATH.*or install it/);
    fs.chmodSync(path.join(folder, 'wfc'), 0o755);
    assert.equal(findWfc({ env: { PATH: folder } }).command, path.join(folder, 'wfc'));
});
