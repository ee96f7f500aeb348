import type { App, Cron, Env, HealthCheck, Resources, Route, Service } from '../../model/app.ts';
import type { NativeObject } from '../../model/native.ts';
import type { Release } from '../../model/release.ts';
import type { Schedule } from '../../model/schedule.ts';
import { given, type Json, number, record, text } from '../json.ts';
import type { ReadBack, Target } from '../platform.ts';
import { appFacts, envOf, type Remembered, remembered } from '../remarks.ts';
import { managed } from './managed.ts';
import { cronKind } from './names.ts';

interface Part {
  readonly object: NativeObject;
  readonly known: Remembered;
  readonly app: string;
}

/** What runs, or would run, as models: one App per app found. */
export function read(objects: readonly NativeObject[], { environment }: Target): ReadBack {
  const parts = objects.map(partOf);
  const releases: Record<string, Release> = {};
  const apps = [...new Set(parts.map(({ app }) => app))].map((name): App => {
    const own = parts.filter(({ app }) => app === name);
    const first = own.find(({ known }) => known.release) ?? own[0];
    if (first?.known.release) releases[name] = first.known.release;
    const services = own.filter(({ object }) => object.kind !== cronKind);
    const crons = own.filter(({ object }) => object.kind === cronKind);
    return {
      kind: 'App',
      name,
      version: first?.known.version ?? '',
      environment,
      ...(first ? appFacts(first.known) : { stage: '', uses: [] }),
      services: services.map(readService),
      jobs: [],
      crons: crons.map(readCron),
      routes: services.flatMap(({ known }) => routesOf(known.model)),
    };
  });
  return { apps, releases, notes: [] };
}

function partOf(object: NativeObject): Part {
  const normal = managed(object);
  const known = remembered(normal.remarks);
  return { object: normal, known, app: known.app ?? object.id.split('.')[0] ?? object.id };
}

/** The supervisor speaks the model's own language; only what it has no word for is in the remarks. */
function readService({ object: { body }, known, app }: Part): Service {
  const rollout = record(body['rollout']);
  return given({
    kind: 'Service',
    name: text(known.model['service']) ?? app,
    ...workloadOf(body, known),
    instances: number(body['instances']) ?? 1,
    port: number(known.model['port']) ?? portOf(body, known),
    health: body['health'] as HealthCheck | undefined,
    rollout: {
      minHealthy: number(rollout['minHealthy']) ?? 1,
      maxOver: number(rollout['maxOver']) ?? 1,
      deadlineMs: number(known.model['deadlineMs']) ?? 300_000,
    },
    killGraceMs: number(body['killGraceMs']) ?? 10_000,
  } as const);
}

/** An instance listens where $PORT says: without a remark its port is any, 0. */
function portOf(body: Json, { app }: Remembered): number | undefined {
  return app === undefined && (number(body['ports']) ?? 0) > 0 ? 0 : undefined;
}

function readCron({ object: { id, body }, known }: Part): Cron {
  return given({
    kind: 'Cron',
    name: text(known.model['name']) ?? id,
    ...workloadOf(body, known),
    schedule: body['schedule'] as Schedule,
    concurrent: body['concurrent'] === true,
    retries: number(body['retries']) ?? 0,
  } as const);
}

function workloadOf(body: Json, { secrets }: Remembered) {
  const env: Env = envOf(body['env'], secrets);
  return {
    image: text(body['image']) ?? '',
    command: text(body['command']),
    env,
    resources: body['resources'] as Resources,
  };
}

function routesOf(model: Json): readonly Route[] {
  return Array.isArray(model['routes']) ? (model['routes'] as readonly Route[]) : [];
}
