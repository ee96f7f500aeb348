import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployment } from '../model/deployment.ts';
import { oneBack } from './rollback.ts';

test('a rollback goes one release back, a second one goes further, and never forth again', () => {
  const history: Deployment[] = [];
  const ended = (action: Deployment['action'], version: string) =>
    history.unshift({
      deployment: `d${history.length}`,
      action,
      app: 'hcn',
      version,
      environment: 'test1',
      homes: ['mesos'],
      status: 'done',
      startedAt: '2026-11-23T10:00:00.000Z',
      holder: 'anna@here',
      attended: false,
      steps: [],
    });
  assert.equal(oneBack(history), undefined);
  ended('deploy', '1.0.0');
  assert.equal(oneBack(history), undefined);
  ended('deploy', '1.1.0');
  ended('deploy', '1.2.0');
  ended('deploy', '1.2.0');
  assert.equal(oneBack(history)?.version, '1.1.0');
  ended('rollback', '1.1.0');
  assert.equal(oneBack(history)?.version, '1.0.0');
  ended('rollback', '1.0.0');
  assert.equal(oneBack(history), undefined);
  ended('deploy', '1.3.0');
  assert.equal(oneBack(history)?.version, '1.0.0');
});
