/**
 * Files through which bytes go to the host and come back.
 *
 * Guarantees: a file is new (never one that is there), readable by this user only, and named by chance. What could not
 * be written whole leaves nothing behind. What is read back is a regular file in the host's folder, of bounded size.
 * Does not: decide when a file is removed after its call began: the host does that.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { bytesOf } = require('./plain_value');

const { O_WRONLY, O_RDONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;

/** Number of bytes of {name: Buffer | Uint8Array | string}. Throws a TypeError that names what is none of these. */
function blobBytes(blobs) {
    let bytes = 0;
    for (const [name, data] of Object.entries(blobs || {})) {
        if (typeof data === 'string') bytes += Buffer.byteLength(data, 'utf8');
        else if (bytesOf(data)) bytes += bytesOf(data).length;
        else throw new TypeError(`${name}: only a Buffer or a string can be handed over`);
    }
    return bytes;
}

/** Writes {name: data} into `folder`: {name: file} with bare names. Throws the system's error; nothing is left then. */
async function writeBlobs(folder, blobs) {
    const files = Object.create(null);
    try {
        for (const [name, data] of Object.entries(blobs || {})) {
            const file = `in-${crypto.randomBytes(16).toString('hex')}`;
            const handle = await fs.promises.open(path.join(folder, file), NEW_FILE, 0o600);
            files[name] = file;
            try {
                await handle.writeFile(bytesOf(data) || data);
            } finally {
                await handle.close();
            }
        }
    } catch (error) {
        await removeBlobs(folder, files);
        throw error;
    }
    return files;
}

/** Removes what writeBlobs wrote. A file that is gone is no error. */
async function removeBlobs(folder, files) {
    for (const file of Object.values(files || {})) {
        await fs.promises.rm(path.join(folder, file), { force: true }).catch(() => {});
    }
}

/** Whether a name can only mean a file in the folder itself. */
function isBareName(file) {
    return typeof file === 'string' && /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(file);
}

/** The content of a result's file, or null where it is no such file or longer than `limit` bytes. */
async function readBlob(folder, file, limit) {
    if (!isBareName(file)) return null;
    let handle;
    try {
        handle = await fs.promises.open(path.join(folder, file), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        const stat = await handle.stat();
        return stat.isFile() && stat.size <= limit ? await handle.readFile() : null;
    } catch {
        return null;
    } finally {
        if (handle) await handle.close();
    }
}

module.exports = { blobBytes, writeBlobs, removeBlobs, readBlob };
