import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { models } from '../../../test/suites/models.ts';
import type { App } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import type { Release } from '../../model/release.ts';
import type { Json } from '../json.ts';
import { stampLabels } from '../labels.ts';
import { stampsOf } from '../remarks.ts';
import { compile } from './compile.ts';
import { stampDescription } from './description.ts';
import { managed } from './managed.ts';
import { chronosKind } from './names.ts';
import { read } from './read.ts';

const settings = { marathon: 'http://m', chronos: 'http://c' };
const target = (app: App) => ({ environment: app.environment, home: 'mesos', settings });

test('property: what is compiled reads back as it was, but for one-off tasks', () => {
  fc.assert(
    fc.property(models, (app) => {
      const { objects, notes } = compile(app, target(app));
      const { apps } = read(objects, target(app));
      const empty = app.services.length + app.crons.length === 0;
      assert.deepEqual(apps, empty ? [] : [{ ...app, jobs: [] }]);
      assert.equal(notes.filter(({ id }) => id === 'job-not-stored').length, app.jobs.length);
    }),
  );
});

test('property: compile is deterministic, and its objects are managed as they are', () => {
  fc.assert(
    fc.property(models, (app) => {
      const { objects } = compile(app, target(app));
      assert.deepEqual(compile(structuredClone(app), target(app)).objects, objects);
      assert.deepEqual(objects.map(managed), objects);
    }),
  );
});

test('property: what the servers make of it is managed back to what was compiled, and reads the same', () => {
  fc.assert(
    fc.property(models, (app) => {
      const { objects } = compile(app, target(app));
      const live = objects.map((object) => served(app, object));
      const bare = ({ kind, id, body }: NativeObject) => ({ kind, id, body });
      const plain = JSON.parse(JSON.stringify(objects.map(bare)), hidden);
      assert.deepEqual(live.map(managed).map(bare), plain);
      const back = read(live, target(app));
      const there = read(objects, target(app));
      assert.deepEqual(back.apps, there.apps);
      assert.deepEqual(back.releases, objects.length > 0 ? { [app.name]: releaseOf(app) } : {});
    }),
  );
});

/** What Marathon 1.11 and Chronos 3 answer for an object that was sent with its stamps. */
function served(app: App, { kind, id, body, remarks }: NativeObject): NativeObject {
  const env = kind === chronosKind ? variablesOf(body) : (body['env'] as Json);
  const secrets = Object.entries(env).flatMap(([name, value]) => {
    const ref = (value as { ref?: string }).ref;
    return ref === undefined ? [] : [[name, ref]];
  });
  const stamps = stampsOf(releaseOf(app), remarks, Object.fromEntries(secrets));
  const sent = JSON.parse(JSON.stringify(body), hidden) as Json;
  return {
    kind,
    id,
    body: kind === chronosKind ? chronosAnswer(sent, stamps) : marathonAnswer(sent, stamps),
  };
}

function variablesOf(body: Json): Json {
  const variables = body['environmentVariables'] as { name: string; value: unknown }[];
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

function hidden(_key: string, value: unknown): unknown {
  const isSecret = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Secret';
  return isSecret ? 'looked up' : value;
}

function releaseOf({ name, version, schema }: App): Release {
  const optional = schema === undefined ? {} : { schema };
  return { app: name, version, deployment: 'd1', fingerprint: 'f1', ...optional };
}

function marathonAnswer(sent: Json, stamps: Readonly<Record<string, string>>): Json {
  const checks = (sent['healthChecks'] ?? []) as Json[];
  const ports = sent['portDefinitions'] as Json[];
  const { env, healthChecks: _, ...rest } = sent;
  return {
    backoffFactor: 1.15,
    backoffSeconds: 1,
    disk: 0,
    executor: '',
    ...rest,
    ...(Object.keys(env as Json).length > 0 ? { env } : {}),
    ...(checks.length > 0
      ? {
          healthChecks: checks.map((check) => ({
            ...check,
            ignoreHttp1xx: false,
            ipProtocol: 'IPv4',
            delaySeconds: 15,
          })),
        }
      : {}),
    labels: { ...(sent['labels'] as Json), TEAM: 'blue', ...stampLabels(stamps) },
    container: {
      type: 'MESOS',
      volumes: [],
      portMappings: [],
      docker: { ...((sent['container'] as Json)['docker'] as Json), forcePullImage: false, parameters: [] },
    },
    portDefinitions: ports.map((port) => ({ ...port, port: 10_004 })),
    requirePorts: false,
    versionInfo: {
      lastScalingAt: '2026-11-23T06:39:22.713Z',
      lastConfigChangeAt: '2026-11-23T06:39:22.713Z',
    },
    unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    tasksRunning: 1,
    deployments: [],
  };
}

function chronosAnswer(sent: Json, stamps: Readonly<Record<string, string>>): Json {
  return {
    scheduleTimeZone: '',
    ...sent,
    schedule: launchedOnce(String(sent['schedule'])),
    description: stampDescription(stamps),
    container: {
      ...(sent['container'] as Json),
      network: 'HOST',
      networkInfos: [],
      volumes: [],
      forcePullImage: false,
      parameters: [],
    },
    environmentVariables: (sent['environmentVariables'] as Json[]).toReversed(),
    arguments: [],
    uris: [],
    fetch: [],
    constraints: [],
    shell: true,
    disk: 256,
    disabled: false,
    successCount: 3,
    lastSuccess: '2026-11-23T06:39:22.713Z',
  };
}

/** Chronos moves the start on, by whole periods, and uses up a repetition. */
function launchedOnce(schedule: string): string {
  const [repeat = '', start = '', period = ''] = schedule.split('/');
  const moved: Record<string, string> = {
    'R//PT30M': '2026-11-23T06:41:07.123Z',
    'R5/2026-01-01T00:00:00Z/P1D': '2026-01-02T00:00:00.000Z',
    'R/2024-01-01T00:00:00.000Z/PT15M': '2026-11-23T06:45:00.000Z',
    'R/2024-01-01T04:30:00.000Z/P1W': '2026-11-23T04:30:00.000Z',
  };
  const next = moved[schedule];
  assert(next, `${schedule} ${start}`);
  return `${repeat === 'R5' ? 'R4' : repeat}/${next}/${period}`;
}
