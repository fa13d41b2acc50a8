// The document of a node whose component reads no messages: the values of the fields, each of the type it has there.
import assert from 'node:assert/strict';
import test from 'node:test';
import {lib} from './flow_fixture.mjs';

const {asText, fieldsOnly} = lib('fields.js');

test('a value to choose from keeps its type, whatever type it was given as', () => {
  const field = {kind: 'select', values: [1, true, 'x', '2']};
  assert.deepEqual([1, '1', true, 'true', 'x', 2, 'y', 7].map((value) => asText(field, value)),
    [1, 1, true, true, 'x', '2', 'y', '7']);
  assert.equal(asText({kind: 'text'}, 7), '7');
  assert.equal(asText({kind: 'number'}, 7), 7);
});

test('what has one value only is in the document, whatever stands in the node', () => {
  const fields = [{name: 'v', pointer: '/v', kind: 'fixed', default: 2, written: true, required: true},
    {name: 'to', pointer: '/to', kind: 'text'}];
  const {input} = fieldsOnly({}, new Map([['v', 'forged'], ['to', 'Nora']]), {panel: {input: {fields}}});
  assert.deepEqual({...input}, {v: 2, to: 'Nora'});
});
