import assert from 'node:assert/strict';
import test from 'node:test';
import {lib} from './flow_fixture.mjs';

const {Budget, Unusable, plainValue} = lib('plain_value.js');

/** The sentence with which a value is refused. */
function refusal(value, budget) {
  try {
    plainValue(value, 'msg.payload', budget);
  } catch (error) {
    assert.ok(error instanceof Unusable, String(error.stack));
    return error.message;
  }
  return assert.fail('it was taken');
}

test('plain data is copied as JSON would write it', () => {
  const given = {a: [1, 'x', null, true, undefined], b: {c: -0.5}, u: undefined, nan: NaN, at: new Date(0)};
  const made = plainValue(given, 'msg.payload');
  assert.deepEqual(JSON.parse(JSON.stringify(made)), JSON.parse(JSON.stringify(given)));
  assert.notEqual(made, given);
});

test('what is no plain data is refused with the name of the member', () => {
  const cyclic = {a: {}};
  cyclic.a.b = cyclic;
  assert.match(refusal(cyclic), /^msg\.payload\.a\.b holds itself/);
  assert.match(refusal({n: 1n}), /^msg\.payload\.n is a BigInt/);
  assert.match(refusal({f() {}}), /^msg\.payload\.f is a function/);
  assert.match(refusal([Symbol('x')]), /^msg\.payload\[0\] is a symbol/);
  assert.match(refusal({'a b': new Map()}), /^msg\.payload\["a b"\] is a Map/);
  assert.match(refusal(Promise.resolve()), /^msg\.payload is a Promise/);
  assert.match(refusal({b: Buffer.alloc(3)}), /^msg\.payload\.b is a Buffer/);
});

test('no code of the message runs', () => {
  let ran = 0;
  const counted = () => {
    ran += 1;
    throw new Error('ran');
  };
  assert.match(
    refusal({
      get secret() {
        return counted();
      },
    }),
    /^msg\.payload\.secret is computed by a getter/,
  );
  assert.match(
    refusal(new Proxy({}, {get: counted, ownKeys: counted, getOwnPropertyDescriptor: counted})),
    /is a Proxy/,
  );
  assert.match(refusal({a: [new Proxy([], {get: counted})]}), /^msg\.payload\.a\[0\] is a Proxy/);
  const made = plainValue({toString: 'text', valueOf: 1, a: Object.create({toJSON: counted})}, 'msg.payload');
  assert.equal(JSON.stringify(made), '{"toString":"text","valueOf":1,"a":{}}');
  assert.match(refusal({toJSON: counted}), /toJSON is a function/);
  assert.equal(ran, 0);
});

test('names of prototypes are names like any other', () => {
  const made = plainValue(
    JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
    'x',
  );
  assert.equal({}.polluted, undefined);
  assert.equal(Object.getPrototypeOf(made), null);
  assert.equal(JSON.stringify(made), '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
});

test('inherited members and those of instances of a class are data or nothing', () => {
  class Row {
    constructor() {
      this.id = 7;
    }
    get double() {
      return 14;
    }
  }
  assert.equal(JSON.stringify(plainValue(new Row(), 'x')), '{"id":7}');
  assert.equal(JSON.stringify(plainValue(Object.create({inherited: 1}), 'x')), '{}');
});

test('depth, number and bytes are bounded, also of sparse arrays', () => {
  let deep = {};
  for (let at = 0; at < 100000; at++) deep = {deep};
  assert.match(refusal(deep), /nested deeper than 24/);
  const sparse = [];
  sparse.length = 2 ** 32 - 1;
  assert.match(refusal({sparse}), /^msg\.payload\.sparse holds too many values/);
  assert.match(refusal(new Array(200000).fill(0)), /holds too many values/);
  assert.match(refusal('x'.repeat(100 * 1024 * 1024)), /too long/);
  assert.match(refusal(['xxx', 'yyy'], new Budget({bytes: 5})), /^msg\.payload\[1\] is too long/);
  assert.match(refusal('\u3042\u3042', new Budget({bytes: 5})), /too long/);
});

test('a value that stands twice and is not cyclic is taken twice', () => {
  const same = {a: 1};
  assert.equal(JSON.stringify(plainValue([same, same], 'x')), '[{"a":1},{"a":1}]');
});
