import type { Agent } from '../agent/agent.ts';
import { empty, json, type Reply } from '../http/message.ts';
import type { Route } from '../http/router.ts';
import { jobInput, parseBody } from './input.ts';
import type { Job, Jobs } from './jobs.ts';
import { partsOf } from './keys.ts';
import { answered, keyed, notFound, numberOf, refusal } from './replies.ts';
import { logReply } from './service-routes.ts';
import { logOf, time } from './service-view.ts';

const root = '/v1/scopes/{scope}/jobs';
const shownLines = 50;

/** The part of the local API that is about one-off jobs; README.md is its reference. */
export function jobRoutes(jobs: Jobs, agent: Agent): readonly Route[] {
  const show = (job: Job) => showJob(job, agent);
  return [
    [
      'GET',
      root,
      ({ params }) =>
        json(200, {
          jobs: jobs
            .list()
            .filter(({ key }) => partsOf(key).scope === params['scope'])
            .map(show),
        }),
    ],
    [
      'PUT',
      `${root}/{name}`,
      keyed((key, { body }) =>
        answered(parseBody(jobInput, body), (input) => {
          const { job, created } = jobs.put(key, input);
          return json(created ? 201 : 200, show(job));
        }),
      ),
    ],
    [
      'GET',
      `${root}/{name}`,
      keyed(async (key, request) => {
        await ended(jobs, key, numberOf(request, 'wait', 0, 60_000));
        const job = jobs.get(key);
        return job ? json(200, show(job)) : notFound('job', key);
      }),
    ],
    [
      'POST',
      `${root}/{name}/kill`,
      keyed((key) => (jobs.kill(key) ? json(202, { killing: true }) : notFound('job', key))),
    ],
    ['DELETE', `${root}/{name}`, keyed((key) => forget(jobs, key))],
    [
      'GET',
      `${root}/{name}/logs`,
      keyed((key, request) => {
        const job = jobs.get(key);
        if (!job) return notFound('job', key);
        const tasks = () => [agent.task(jobs.get(key)?.taskId ?? '') ?? []].flat();
        return logReply(request, tasks(), tasks);
      }),
    ],
  ];
}

function forget(jobs: Jobs, key: string): Reply {
  if (jobs.forget(key)) return empty(204);
  return jobs.get(key)
    ? refusal(409, 'running', `Job ${key} is running; kill it first.`)
    : notFound('job', key);
}

/** Resolves when a job has ended, is not there, or after `withinMs`. */
function ended(jobs: Jobs, key: string, withinMs: number): Promise<void> {
  if (withinMs === 0 || jobs.get(key)?.state !== 'running') return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, withinMs);
  const leave = jobs.on((job) => {
    if (job.key === key && job.state !== 'running') resolve();
  });
  return promise.finally(() => {
    clearTimeout(timer);
    leave();
  });
}

export function showJob(job: Job, agent: Agent) {
  const { state, message, timedOut, input, taskId, exitCode } = job;
  const { scope, name } = partsOf(job.key);
  return {
    scope,
    id: name,
    state,
    exitCode: exitCode ?? null,
    message,
    timedOut,
    image: input.image ?? null,
    command: input.command ?? null,
    labels: input.labels,
    task: taskId,
    createdAt: time(job.createdAt),
    startedAt: time(job.startedAt),
    endedAt: time(job.endedAt),
    log: logOf(agent, taskId, shownLines),
  };
}
