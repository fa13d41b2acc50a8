/**
 * Plain data out of whatever a message carries.
 *
 * Guarantees: what comes back is made of strings, finite numbers, booleans, null, arrays and objects without a
 * prototype, copied from own data properties only, within a depth, a number of values and a number of bytes. No code
 * of the message runs (no getter, no toJSON, no trap of a Proxy). What cannot be taken is an Unusable that names it.
 * As with JSON, undefined members are left out, holes and numbers that are none become null, a Date is its ISO form.
 * Does not: know what the data is for.
 */
'use strict';

const { types } = require('node:util');

/** A line to the host has 8 MiB; this leaves room for escapes and for the rest of it. */
const LIMITS = { depth: 24, values: 100000, bytes: 6 * 1024 * 1024 };

/** Something in a message that cannot be used. `message` is a sentence that begins with the member's name. */
class Unusable extends Error {
    /** `pointer` (RFC 6901) is where it would stand in the input document; undefined where it would stand nowhere. */
    constructor(member, why, pointer) {
        super(`${member} ${why}`);
        this.name = 'Unusable';
        this.member = member;
        this.pointer = pointer;
    }
}

/** What all values of one message may take together. */
class Budget {
    constructor(limits = {}) {
        Object.assign(this, LIMITS, limits);
    }

    count(member, number = 1) {
        this.values -= number;
        if (this.values < 0) throw new Unusable(member, 'holds too many values; pass on only what is needed');
    }

    text(member, string) {
        // The length alone is enough to refuse: every unit takes a byte at least.
        if (string.length <= this.bytes) this.bytes -= Buffer.byteLength(string, 'utf8');
        else this.bytes = -1;
        if (this.bytes < 0) throw new Unusable(member, 'is too long: all texts of a message have 6 MiB together');
        return string;
    }
}

/** `member.key`, as a person would write it, of bounded length. */
function path(member, key) {
    if (typeof key === 'number') return `${member}[${key}]`;
    return /^[A-Za-z_$][\w$]{0,63}$/.test(key) ? `${member}.${key}` : `${member}[${JSON.stringify(key.slice(0, 64))}]`;
}

/**
 * The value of `object`'s own property, without running code of it; undefined where there is none.
 * Throws Unusable for a property with a getter, and for a Proxy.
 */
function ownValue(object, key, member) {
    if (object === null || typeof object !== 'object') return undefined;
    if (types.isProxy(object)) throw new Unusable(member, 'is a Proxy; pass on plain data');
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property === undefined) return undefined;
    if (!('value' in property)) throw new Unusable(path(member, key), 'is computed by a getter; pass on its value');
    return property.value;
}

/** What an array of bytes is, whatever it says of itself and whichever realm it comes from: {buffer, byteOffset, …}. */
const OF_BYTES = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(Uint8Array.prototype));

/** The bytes of a Buffer or Uint8Array of any realm as a Buffer that shares them; undefined for all else. */
function bytesOf(value) {
    if (!types.isUint8Array(value)) return undefined;
    const [buffer, from, length] = ['buffer', 'byteOffset', 'byteLength'].map((name) => OF_BYTES[name].get.call(value));
    return Buffer.from(buffer, from, length);
}

const KINDS = [
    [types.isProxy, 'a Proxy'],
    [types.isPromise, 'a Promise; wait for its value first'],
    [types.isMap, 'a Map; pass on an object'],
    [types.isSet, 'a Set; pass on an array'],
    [types.isRegExp, 'a regular expression'],
    [types.isBoxedPrimitive, 'a wrapped value; pass on the value itself'],
    [types.isAnyArrayBuffer, 'an ArrayBuffer'],
    [types.isWeakMap, 'a WeakMap'],
    [types.isWeakSet, 'a WeakSet'],
    [types.isGeneratorObject, 'a generator'],
];

/** What kind of object cannot be plain data; undefined for all others. */
function unusableKind(value) {
    if (types.isProxy(value)) return 'a Proxy';
    if (ArrayBuffer.isView(value)) return 'a Buffer, which cannot stand here';
    const found = KINDS.find(([is]) => is(value));
    return found && found[1];
}

function copy(value, member, budget, above) {
    budget.count(member);
    switch (typeof value) {
        case 'string': return budget.text(member, value);
        case 'boolean': return value;
        case 'number': return Number.isFinite(value) ? value : null;
        case 'bigint': throw new Unusable(member, 'is a BigInt; pass on a number or a string');
        case 'function': throw new Unusable(member, 'is a function; pass on plain data');
        case 'symbol': throw new Unusable(member, 'is a symbol; pass on plain data');
        case 'undefined': return null;
        default: return value === null ? null : copyObject(value, member, budget, above);
    }
}

function copyObject(value, member, budget, above) {
    const kind = unusableKind(value);
    if (kind) throw new Unusable(member, `is ${kind}`);
    if (types.isDate(value)) {
        const time = Date.prototype.getTime.call(value);
        return Number.isNaN(time) ? null : new Date(time).toISOString();
    }
    if (above.includes(value)) throw new Unusable(member, 'holds itself (it is cyclic); pass on plain data');
    if (above.length >= budget.depth) throw new Unusable(member, `is nested deeper than ${budget.depth}`);
    above.push(value);
    const made = (Array.isArray(value) ? copyArray : copyMembers)(value, member, budget, above);
    above.pop();
    return made;
}

function copyArray(value, member, budget, above) {
    // A sparse array is as long as it says, so its length counts before it is walked.
    if (value.length > budget.values) budget.count(member, value.length);
    const made = [];
    for (let at = 0; at < value.length; at++) {
        made.push(copy(ownValue(value, at, member), path(member, at), budget, above));
    }
    return made;
}

function copyMembers(value, member, budget, above) {
    // Without a prototype `__proto__` is a name like any other.
    const made = Object.create(null);
    for (const key of Object.keys(value)) {
        const found = ownValue(value, key, member);
        if (found === undefined) continue;
        budget.text(member, key);
        made[key] = copy(found, path(member, key), budget, above);
    }
    return made;
}

/** A copy of `value`, named `member` in sentences. Takes from `budget`. Throws Unusable. */
function plainValue(value, member, budget = new Budget()) {
    return copy(value, member, budget, []);
}

module.exports = { Budget, Unusable, bytesOf, ownValue, path, plainValue };
