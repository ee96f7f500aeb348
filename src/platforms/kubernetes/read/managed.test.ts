import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diff } from '../../../plan/diff.ts';
import { managed } from './managed.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('every value of a Secret is secret, whoever wrote it', () => {
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'hcn-env',
      uid: 'u',
      resourceVersion: '1',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"TOKEN":"${base64('s3cret')}"}}`,
        'rehome/app': 'hcn',
        'rehome/secrets': '{"TOKEN":"env:TOKEN"}',
      },
    },
    type: 'Opaque',
    data: { TOKEN: base64('s3cret'), 'a.b': base64('other'), raw: Buffer.from([255, 0]).toString('base64') },
  };
  const live = managed({ kind: 'Secret', id: 'hcn-env', body });
  assert.deepEqual(live, {
    kind: 'Secret',
    id: 'hcn-env',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hcn-env' },
      type: 'Opaque',
      stringData: { TOKEN: 's3cret', 'a.b': 'other' },
      data: { raw: '/wA=' },
    },
    remarks: { app: 'hcn', secrets: '{"TOKEN":"env:TOKEN"}' },
    secrets: {
      'stringData.TOKEN': 'env:TOKEN',
      'stringData["a.b"]': 'kubernetes:hcn-env/a.b',
      'data.raw': 'kubernetes:hcn-env/raw',
    },
  });
  const context = { home: 'a', reveal: () => 's3cret' };
  const { data: _, ...rest } = live.body;
  const wanted = { kind: 'Secret', id: 'hcn-env', body: { ...rest, stringData: { NEW: 'x' } } };
  const plan = JSON.stringify([diff([], [live], context), diff([wanted], [live], context)]);
  for (const shown of ['s3cret', 'other', '/wA=', base64('s3cret')]) assert(!plan.includes(shown), plan);
});

test('duty, stamps and membership are no part of what is managed', () => {
  const fields = {
    'f:metadata': {
      'f:labels': { 'f:app.kubernetes.io/name': {}, 'f:applyset.kubernetes.io/part-of': {} },
      'f:annotations': { 'f:rehome/app': {}, 'f:rehome/deployment': {} },
    },
    'f:spec': { 'f:schedule': {}, 'f:suspend': {} },
  };
  const body = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: 'sync',
      labels: { 'app.kubernetes.io/name': 'hcn', 'applyset.kubernetes.io/part-of': 'x', team: 'blue' },
      annotations: { 'rehome/app': 'hcn', 'rehome/deployment': 'd1', 'example.org/a': 'b' },
      managedFields: [{ manager: 'rehome', operation: 'Apply', fieldsV1: fields }],
    },
    spec: { schedule: '* * * * *', suspend: true, timeZone: 'Etc/UTC' },
    status: { lastScheduleTime: 'now' },
  };
  assert.deepEqual(managed({ kind: 'CronJob', id: 'sync', body }), {
    kind: 'CronJob',
    id: 'sync',
    body: {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'sync', labels: { 'app.kubernetes.io/name': 'hcn' } },
      spec: { schedule: '* * * * *' },
    },
    remarks: { app: 'hcn', deployment: 'd1' },
  });
});
