import type { Job } from '../../model/app.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { JobResult } from '../../platforms/platform.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { done, type Step, skipped } from '../step.ts';

/** Once per schema version, on the home on duty. A run that was begun is awaited, never started again. */
export const migrate: Step = {
  name: 'migrate',
  summary: 'Runs the data migration as a one-off task, once per schema version.',

  async run(context) {
    const back = context.options.unmigrate;
    if (back) return await unmigrate(context, back.schema, back.deployment);
    const { home, job } = onDuty(context, 'migrate');
    const schema = home?.app.schema;
    if (!home || !job || schema === undefined) return skipped('no migration');
    const recorded = await context.store.schemaRecorded(context.app, context.environment, schema);
    if (isFailure(recorded)) return recorded;
    if (recorded) return skipped(`schema ${schema} is there already`);
    const result = await runJob(context, home, job);
    if (isFailure(result)) return result;
    if (!result.ok) return migrationFailed(context, home, result);
    return (await record(context, schema, true)) ?? done(`schema ${schema}: ${result.why}`, { schema });
  },

  async undo(context) {
    const { home, job } = onDuty(context, 'unmigrate');
    const schema = home?.app.schema;
    if (!home || schema === undefined || context.options.unmigrate) return undefined;
    if (!job) return stays(context, schema);
    const result = await runJob(context, home, job);
    if (isFailure(result)) return result;
    if (!result.ok)
      return fail(
        'migration-failed',
        `The way back from schema ${schema} failed: ${result.why}.`,
        log(result),
      );
    return (await record(context, schema, false)) ?? `schema ${schema} taken back`;
  },
};

function onDuty({ homes }: DeployContext, purpose: Job['purpose']) {
  const home = homes.find(({ residency }) => residency.duty);
  return { home, job: home?.app.jobs.find((job) => job.purpose === purpose) };
}

/** Without a way back the data stays as it is; old code ran on it during every rollout before. */
function stays({ outputs }: DeployContext, schema: string): string | undefined {
  return outputs.has('migrate')
    ? `schema ${schema} stays: its migration declares no way back (migration: {up, down})`
    : undefined;
}

async function unmigrate(context: DeployContext, schema: string, deployment: string) {
  const begun = await context.store.begun(deployment);
  if (isFailure(begun)) return begun;
  const duty = context.homes.find(({ residency }) => residency.duty);
  const job = duty && begun.models[duty.name]?.jobs.find(({ purpose }) => purpose === 'unmigrate');
  if (!duty || !job)
    return fail('frozen', `Schema ${schema} has no way back: its migration declares no down.`);
  const result = await runJob(context, duty, job);
  if (isFailure(result)) return result;
  if (!result.ok) return migrationFailed(context, duty, result);
  return (await record(context, schema, false)) ?? done(`schema ${schema} taken back: ${result.why}`);
}

async function runJob(context: DeployContext, home: DeployHome, job: Job): Promise<JobResult | Failure> {
  const { id, app, reveal, signal, tell } = context;
  return await home.home.runJob(job, {
    id: `${app}-${job.purpose}-${id}`,
    app,
    release: home.release,
    reveal,
    signal,
    onLine: (line) => tell({ type: 'log', source: job.purpose, line }),
  });
}

async function record({ store, app, environment }: DeployContext, schema: string, present: boolean) {
  return await store.recordSchema(app, environment, schema, present);
}

function migrationFailed(
  { app }: DeployContext,
  { app: { schema } }: DeployHome,
  result: JobResult,
): Failure {
  return fail(
    'migration-failed',
    `The migration of ${app} to schema ${schema} failed: ${result.why}.`,
    log(result),
  );
}

function log(result: JobResult) {
  return result.log.length > 0 ? { details: result.log.join('\n') } : {};
}
