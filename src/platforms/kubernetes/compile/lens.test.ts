import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { models } from '../../../../test/suites/models.ts';
import type { App } from '../../../model/app.ts';
import { managed } from '../read/managed.ts';
import { read } from '../read/read.ts';
import type { KubernetesSettings } from '../settings.ts';
import { compile } from './compile.ts';

const target = (app: App, settings: KubernetesSettings = {}) => ({
  environment: app.environment,
  home: 'k8s',
  settings,
});

const homes: fc.Arbitrary<KubernetesSettings> = fc.constantFrom<KubernetesSettings>(
  {},
  { ingress: { class: 'nginx' }, drain: 0, min_ready: 0 },
  { gateway: { name: 'public', namespace: 'infra' }, podSecurity: 'restricted', run_as: 1000 },
  { service: 'NodePort', intervals: 'every' },
);

/** A cron that no CronJob can say is left out, and told of. */
function sayable(app: App, ids: readonly string[]): App {
  const kept = app.crons.filter(
    ({ schedule }) => schedule.cron !== undefined || !schedule.iso?.startsWith('R5'),
  );
  const left = app.crons.length - kept.length;
  assert.equal(ids.filter((id) => id === 'schedule-inexact').length, left);
  return { ...app, jobs: [], crons: kept };
}

test('property: what is compiled reads back as it was, but for what its notes say', () => {
  fc.assert(
    fc.property(models, homes, (app, settings) => {
      const { objects, notes } = compile(app, target(app, settings));
      const { apps, notes: more } = read(objects, target(app, settings));
      const wanted = sayable(
        app,
        notes.map(({ id }) => id),
      );
      assert.deepEqual(apps, objects.length === 0 ? [] : [wanted]);
      assert.deepEqual(more, []);
    }),
    { numRuns: 300 },
  );
});

test('property: compile is deterministic, and its objects are managed as they are', () => {
  fc.assert(
    fc.property(models, homes, (app, settings) => {
      const { objects } = compile(app, target(app, settings));
      assert.deepEqual(compile(structuredClone(app), target(app, settings)).objects, objects);
      assert.deepEqual(objects.map(managed), objects);
    }),
  );
});
