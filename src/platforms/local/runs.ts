import type { Clock } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import { given, type Json, list, text } from '../json.ts';
import { stampsInLabels } from '../labels.ts';
import type { CronRun } from '../platform.ts';
import { remembered } from '../remarks.ts';
import { cronKind } from './names.ts';
import { observe } from './observe.ts';
import type { Supervisor } from './supervisor.ts';

/** See `Home.runsSince`. The supervisor remembers the last twenty of each cron, beside those that go on. */
export async function runsSince(
  supervisor: Supervisor,
  clock: Clock,
  app: string,
  sinceMs: number,
  signal?: AbortSignal,
): Promise<readonly CronRun[] | Failure> {
  const objects = await observe(supervisor, { app }, signal);
  if (isFailure(objects)) return objects;
  return objects
    .filter(({ kind }) => kind === cronKind)
    .flatMap((object) => runsOf(object, clock.now()))
    .filter(({ startedAt }) => startedAt >= sinceMs)
    .toSorted((a, b) => a.startedAt - b.startedAt);
}

function runsOf({ id, body }: NativeObject, now: number): readonly CronRun[] {
  const { model } = remembered(stampsInLabels(body['labels']));
  const cron = text(model['name']) ?? id;
  return list(body['runs']).flatMap((run) => (run['state'] === 'skipped' ? [] : [runOf(cron, run, now)]));
}

function runOf(cron: string, run: Json, now: number): CronRun {
  const goesOn = run['state'] === 'running';
  const [due, startedAt, endedAt] = [timeOf(run['due']), timeOf(run['startedAt']), timeOf(run['endedAt'])];
  return given({
    cron,
    scheduledAt: due,
    // What has not begun yet begins now at the earliest; what never did ended when it was to begin.
    startedAt: startedAt ?? (goesOn ? now : (endedAt ?? due ?? now)),
    endedAt: goesOn ? undefined : (endedAt ?? startedAt ?? due ?? now),
    ok: goesOn ? undefined : run['state'] === 'finished',
  });
}

function timeOf(value: unknown): number | undefined {
  const ms = Date.parse(text(value) ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
