import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { models } from '../models.ts';
import type { PlatformSuite } from './under-test.ts';

/** The two pure functions: what is compiled reads back, always in the same way. */
export function testLens({ platform }: PlatformSuite): void {
  const target = (environment: string) => ({ environment, home: 'a', settings: { chronos: 'http://c' } });

  test('property: read gives back what compile was given, but for what its notes say', () => {
    fc.assert(
      fc.property(models, (app) => {
        const { objects, notes } = platform.compile(app, target(app.environment));
        const { apps, notes: more } = platform.read(objects, target(app.environment));
        for (const { id } of [...notes, ...more]) assert(platform.notes?.[id], `nothing explains ${id}`);
        if (objects.length === 0) return assert.deepEqual(apps, []);
        const jobsAreKept = apps[0]?.jobs.length === app.jobs.length;
        assert(jobsAreKept || notes.some(({ fidelity }) => fidelity === 'dropped'));
        const crons = app.crons.filter(({ name }) => apps[0]?.crons.some((back) => back.name === name));
        const refused = notes.filter(
          ({ severity, fidelity }) => severity === 'error' && fidelity === 'decide',
        );
        assert(app.crons.length - crons.length <= refused.length, 'a cron is lost without a word');
        assert.deepEqual(apps, [{ ...app, crons, jobs: apps[0]?.jobs }]);
      }),
    );
  });

  test('property: compile always gives the same, and nothing else than what is managed', () => {
    fc.assert(
      fc.property(models, (app) => {
        const { objects } = platform.compile(app, target(app.environment));
        assert.deepEqual(platform.compile(structuredClone(app), target(app.environment)).objects, objects);
        assert.deepEqual(
          objects.map((object) => platform.managed(object)),
          objects,
        );
      }),
    );
  });

  test('property: every cron goes by one spelling of its schedule', () => {
    fc.assert(
      fc.property(models, (app) => {
        const { objects } = platform.compile(app, target(app.environment));
        const [read] = platform.read(objects, target(app.environment)).apps;
        const due = objects.flatMap((object) => platform.dueBy?.(object) ?? []);
        if (platform.dueBy) assert.equal(due.length, read?.crons.length ?? 0);
        for (const { iso, cron } of due) assert.equal([iso, cron].filter(Boolean).length, 1);
      }),
    );
  });
}
