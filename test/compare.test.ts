import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { App, Service } from '../src/model/app.ts';
import type { AppComparison } from '../src/model/comparison.ts';
import { readSide } from '../src/operations/compare-side.ts';
import { compare } from '../src/plan/compare/compare.ts';
import type { Side } from '../src/plan/compare/side.ts';
import { platforms } from '../src/platforms/index.ts';
import type { Platform } from '../src/platforms/platform.ts';
import { models } from './suites/models.ts';
import { goldenModels } from './support/golden-models.ts';

/** What platforms make of one model must not look like a difference of the app, unless they say so themselves. */
for (const left of platforms) {
  for (const right of platforms) {
    test(`property: one model on ${left.name} and ${right.name} gives no false alarm`, () => {
      fc.assert(
        fc.property(models, (app) => noFalseAlarm(app, left, right)),
        { numRuns: 25 },
      );
      for (const app of Object.values(goldenModels)) noFalseAlarm(app, left, right);
    });

    test(`property: a change of one model on ${left.name} and ${right.name} is found`, () => {
      fc.assert(
        fc.property(models, fc.constantFrom(...changes), (app, change) => {
          const [service, ...others] = app.services;
          if (!service) return;
          const changed = { ...app, services: [{ ...service, ...change.to(service) }, ...others] };
          const [l, r] = [sideOn(left, app), sideOn(right, changed)];
          assert.ok(l && r);
          const { differences } = compare({ left: l, right: r, now });
          const found = differences.find(({ path }) => path === `services.${service.name}.${change.path}`);
          assert.equal(found?.verdict, 'blocking', `${change.path}: ${JSON.stringify(differences, null, 1)}`);
        }),
        { numRuns: 25 },
      );
    });
  }
}

interface Change {
  readonly path: string;
  to(service: Service): Partial<Service>;
}

const changes: readonly Change[] = [
  { path: 'image', to: () => ({ image: 'other:9' }) },
  { path: 'command', to: ({ command = '' }) => ({ command: `${command} # changed` }) },
  { path: 'env.NEW', to: ({ env }) => ({ env: { ...env, NEW: '' } }) },
  { path: 'memory', to: ({ resources }) => ({ resources: { ...resources, memory: resources.memory + 1 } }) },
  { path: 'cpus', to: ({ resources }) => ({ resources: { ...resources, cpus: resources.cpus + 0.1 } }) },
  {
    path: 'cpuLimit',
    to: ({ resources }) => ({
      resources: { ...resources, cpuLimit: resources.cpuLimit === 'soft' ? 'hard' : 'soft' },
    }),
  },
  { path: 'killGraceMs', to: ({ killGraceMs }) => ({ killGraceMs: killGraceMs + 1_000 }) },
];

const now = Date.parse('2026-11-23T12:10:00Z');

function noFalseAlarm(app: App, left: Platform, right: Platform): void {
  const [l, r] = [sideOn(left, app), sideOn(right, app)];
  if (!l || !r) return;
  const there = compare({ left: l, right: r, now });
  for (const { path, verdict, why } of there.differences) {
    assert.ok(why.length > 0, path);
    if (verdict !== 'blocking') continue;
    assert.ok(path.startsWith('notes.') || isDoubled(path, app) || isRefused(path, l, r), `${path}: ${why}`);
  }
  const back = compare({ left: r, right: l, now });
  assert.deepEqual(facts(back), facts(there));
  if (left === right) assert.equal(there.verdict, 'equal');
}

/** Only one home can go by each of two spellings that disagree. */
function isDoubled(path: string, { crons }: App): boolean {
  return crons.some(
    ({ name, schedule: { iso, cron } }) =>
      path === `crons.${name}.schedule` && iso !== undefined && cron !== undefined,
  );
}

/** A cron that a platform does not take, and says so. */
function isRefused(path: string, l: Side, r: Side): boolean {
  const counts = [l, r].map(({ app }) => app.crons.length);
  return /^crons\.[^.]*$/.test(path) && counts[0] !== counts[1];
}

function facts({ verdict, differences }: AppComparison): unknown {
  return [verdict, ...differences.map(({ path, verdict: one }) => `${path} ${one}`).sort()];
}

function sideOn(platform: Platform, app: App): Side | undefined {
  const settings = { chronos: 'http://c', ingress: { class: 'nginx' } };
  const target = { environment: app.environment, home: platform.name, settings, domain: 'prod.anna.money' };
  const seen = readSide(app.name, platform.compile(app, target).objects, { platform, target });
  if (!seen) return undefined;
  return {
    ...seen,
    home: `${app.environment}.${platform.name}`,
    words: { environment: app.environment, stage: app.stage },
    callees: new Map(),
  };
}
