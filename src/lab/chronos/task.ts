import type { TaskSpec } from '../agent/agent.ts';
import type { Job } from './job.ts';
import type { Run } from './record.ts';

/** From TERM to KILL: Chronos does not say, so it is the agent's default. */
const killGraceMs = 5000;
/** Ended runs of a job that Mesos still tells of; a real master keeps a thousand of all jobs together. */
const keptRuns = 100;

/** One run of a job as a task of the agent. */
export function toTask(job: Job, run: Run, owner: string): TaskSpec {
  return {
    owner,
    name: job.name,
    ...(job.container?.image ? { image: job.container.image } : {}),
    ...commandOf(job, run.args),
    env: envOf(job, run),
    ports: [],
    resources: { cpus: job.cpus, memory: job.mem, disk: job.disk },
    killGraceMs,
    once: true,
    keep: keptRuns,
  };
}

function commandOf(job: Job, args: string): Pick<TaskSpec, 'command' | 'args'> {
  if (!job.shell) return { args: [job.command, ...job.arguments] };
  return { command: args === '' ? job.command : `${job.command} ${args}` };
}

/** What Chronos and Mesos set cannot be overridden by the job. */
function envOf(job: Job, { taskId, due, attempt }: Run): Readonly<Record<string, string>> {
  const own = job.environmentVariables.filter(({ name }) => name !== 'HOST' && name !== 'MESOS_TASK_ID');
  return {
    ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
    mesos_task_id: taskId,
    CHRONOS_JOB_OWNER: job.owner,
    CHRONOS_JOB_NAME: job.name,
    CHRONOS_JOB_RUN_TIME: `${due}`,
    CHRONOS_JOB_RUN_ATTEMPT: `${attempt}`,
    CHRONOS_RESOURCE_MEM: decimal(job.mem),
    CHRONOS_RESOURCE_CPU: decimal(job.cpus),
    CHRONOS_RESOURCE_DISK: decimal(job.disk),
  };
}

function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}
