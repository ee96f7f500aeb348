import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appliedFields, project } from './owned-fields.ts';

const live = {
  metadata: { name: 'a', labels: { ours: 'x', theirs: 'y' } },
  spec: {
    replicas: 3,
    empty: {},
    args: ['-c', 'run'],
    set: ['one', 'two'],
    containers: [
      { name: 'proxy', image: 'envoy' },
      {
        name: 'main',
        image: 'a:1',
        imagePullPolicy: 'IfNotPresent',
        ports: [
          { containerPort: 80, protocol: 'TCP', name: 'http' },
          { containerPort: 80, protocol: 'UDP' },
        ],
      },
    ],
  },
};

test('of lists, what the keys, values and places of items say; of all else, the fields', () => {
  const fields = {
    'f:metadata': { 'f:labels': { 'f:ours': {}, 'f:gone': {} } },
    'f:spec': {
      'f:replicas': {},
      'f:empty': {},
      'f:args': {},
      'f:set': { 'v:"two"': {} },
      'f:containers': {
        'k:{"name":"main"}': {
          '.': {},
          'f:name': {},
          'f:image': {},
          'f:ports': {
            'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:name': {} },
          },
        },
      },
    },
  };
  assert.deepEqual(project(live, fields), {
    metadata: { labels: { ours: 'x' } },
    spec: {
      replicas: 3,
      empty: {},
      args: ['-c', 'run'],
      set: ['two'],
      containers: [{ name: 'main', image: 'a:1', ports: [{ containerPort: 80, name: 'http' }] }],
    },
  });
  assert.deepEqual(project(['a', 'b'], { 'i:1': {} }), ['b']);
});

test('what is not there is not made up, but an own list or object without own items is', () => {
  assert.equal(project({ a: 1 }, { 'f:b': {} }), undefined);
  assert.equal(project({ a: 'text' }, { 'f:a': { 'f:b': {} } }), undefined);
  assert.deepEqual(project({ a: { theirs: 1 } }, { 'f:a': { '.': {}, 'f:ours': {} } }), { a: {} });
  assert.deepEqual(project({ a: [{ name: 'x' }] }, { 'f:a': { '.': {}, 'k:{"name":"y"}': {} } }), { a: [] });
});

test('only what was applied by rehome counts, under every version of the API', () => {
  const entry = (manager: string, operation: string, fieldsV1: object, subresource?: string) => ({
    manager,
    operation,
    fieldsV1,
    ...(subresource === undefined ? {} : { subresource }),
  });
  const others = [
    entry('kubectl', 'Apply', { 'f:a': {} }),
    entry('rehome', 'Update', { 'f:b': {} }),
    entry('rehome', 'Apply', { 'f:c': {} }, 'status'),
  ];
  assert.equal(appliedFields({ metadata: { managedFields: others } }), undefined);
  assert.equal(appliedFields({}), undefined);
  const own = [
    entry('rehome', 'Apply', { 'f:s': { 'f:d': {} } }),
    entry('rehome', 'Apply', { 'f:s': { 'f:e': {} } }),
  ];
  assert.deepEqual(appliedFields({ metadata: { managedFields: [...others, ...own] } }), {
    'f:s': { 'f:d': {}, 'f:e': {} },
  });
});
