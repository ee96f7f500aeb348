import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testFeature } from '../../test/suites/feature.ts';
import type { Contribution, Feature } from './feature.ts';
import { features } from './index.ts';
import { mongo } from './mongo.ts';
import { postgres } from './postgres.ts';
import { rmq } from './rmq/index.ts';

const place = () => ({ file: 'services/hcn.yml', line: 1, column: 1 });

function contribute(feature: Feature, values: unknown, settings?: unknown): Contribution | undefined {
  const context = {
    app: 'hcn',
    version: '1.0.0',
    environment: 'test1',
    stage: 'test',
    values,
    settings,
    place,
  };
  return feature.contribute(context);
}

for (const feature of [rmq, mongo, postgres]) {
  testFeature(feature, { settings: { url: 'x://h/{app}' }, off: { [feature.name]: false } });
}

test('backing services bind a URL, and a password where one is set', () => {
  const settings = { url: 'amqp://{env}/{app}/{version}/{stage}', password: 'plain' };
  assert.deepEqual(contribute(rmq, { rmq: true }, settings), {
    env: { RMQ_URL: 'amqp://test1/hcn/1.0.0/test', RMQ_PASSWORD: 'plain' },
    migrates: false,
    twin: { env: { RMQ_URL: 'amqp://test1/hcn/1.0.0/test-dark' }, backing: [] },
  });
  assert.equal(contribute(mongo, { mongo: true }, { url: 'mongodb://m' })?.migrates, true);
  assert.deepEqual(contribute(postgres, { postgres: true }, { url: 'file:secrets/{env}' })?.env, {
    POSTGRES_URL: { kind: 'Secret', ref: 'file:secrets/test1' },
  });
});

test('no two features share a key, and none has a common one', () => {
  const keys = features.flatMap((feature) => Object.keys(feature.keys));
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(new Set(features.map(({ name }) => name)).size, features.length);
});
