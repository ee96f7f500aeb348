import { randomBytes } from 'node:crypto';
import type { App, Job } from '../model/app.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { releaseOf } from '../process/previous.ts';
import { homeOf, notThere, residentIn } from './logs.ts';
import type { RunRequest, RunResult } from './operations.ts';
import { prepare } from './prepare.ts';
import type { Wired } from './wired.ts';

/** A command of an operator may take this long, ms. */
const timeoutMs = 60 * 60_000;

/** Runs a command, or a task that the manifest names, once, beside the app and in its version and env. */
export async function runTask(
  wired: Wired,
  request: RunRequest,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<RunResult | Failure> {
  const home = await homeOf(wired, request.app, request.where);
  if (isFailure(home)) return home;
  const resident = await residentIn(home.home, request.app, request.where);
  if (isFailure(resident)) return resident;
  const version = resident.release?.version;
  if (version === undefined) return notThere(request.app, request.where);
  const prepared = await prepare(wired, { app: request.app, version }, request.where);
  if (isFailure(prepared)) return prepared;
  const app = prepared.built.find(({ name }) => name === home.name)?.built.app;
  if (!app) return fail('unknown-home', `${request.app} has no model in ${home.name}.`);
  const job = jobOf(app, request);
  if (!job) return noSuchTask(app, request);
  const id = `${request.app}-run-${randomBytes(4).toString('hex')}`;
  const release = releaseOf(app, id);
  const result = await home.home.runJob(job, {
    id,
    app: app.name,
    release,
    reveal: wired.reveal,
    signal,
    onLine: (line) => onLine(wired.mask(line)),
  });
  return isFailure(result) ? result : { ok: result.ok, why: result.why, ...exitCodeOf(result) };
}

function jobOf(app: App, { task, command }: RunRequest): Job | undefined {
  if (task !== undefined) return app.jobs.find((job) => namesOf(job).includes(task)) ?? cronAsJob(app, task);
  const beside = app.services[0] ?? app.crons[0];
  if (!beside || command === undefined) return undefined;
  const { image, env, resources } = beside;
  return { kind: 'Job', name: 'run', purpose: 'task', image, env, resources, command, timeoutMs };
}

/** A cron can be run out of turn. */
function cronAsJob(app: App, task: string): Job | undefined {
  const cron = app.crons.find(({ name }) => name === task);
  if (!cron) return undefined;
  const { name, image, env, resources, command } = cron;
  return {
    kind: 'Job',
    purpose: 'task',
    name,
    image,
    env,
    resources,
    timeoutMs,
    ...(command ? { command } : {}),
  };
}

/** What people may call a task; the way forward is the migration to them, as in the manifest. */
function namesOf({ name, purpose }: Job): readonly string[] {
  return [...new Set([...(purpose === 'migrate' ? ['migration'] : []), name, purpose])];
}

function noSuchTask({ name, jobs, crons }: App, { task }: RunRequest): Failure {
  const tasks = [...jobs.map((job) => namesOf(job)[0]), ...crons.map((cron) => cron.name)];
  return fail('usage', `${name} has no task ${task}.`, {
    expected: tasks.length > 0 ? tasks.join(', ') : '-- COMMAND: its manifest names no task',
  });
}

function exitCodeOf({ exitCode }: { readonly exitCode?: number }) {
  return exitCode === undefined ? {} : { exitCode };
}
