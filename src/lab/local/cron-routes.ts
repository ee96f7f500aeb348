import type { Agent } from '../agent/agent.ts';
import { json } from '../http/message.ts';
import type { Route } from '../http/router.ts';
import type { Cron, CronRun } from './cron.ts';
import type { Crons } from './crons.ts';
import { cronInput, cronPatch, parseBody } from './input.ts';
import { partsOf } from './keys.ts';
import { answered, keyed, notFound } from './replies.ts';
import { logReply } from './service-routes.ts';
import { logOf, time } from './service-view.ts';

const root = '/v1/scopes/{scope}/crons';
const shownLines = 50;

/** The part of the local API that is about crons; README.md is its reference. */
export function cronRoutes(crons: Crons, agent: Agent): readonly Route[] {
  const show = (cron: Cron) => showCron(cron, crons);
  const showKey = (key: string, status = 200) => {
    const cron = crons.get(key);
    return cron ? json(status, show(cron)) : notFound('cron', key);
  };
  const runOf = (key: string, id: string | undefined): CronRun | undefined =>
    crons.get(key)?.runs.find((run) => run.id === id);
  return [
    [
      'GET',
      root,
      ({ params }) =>
        json(200, {
          crons: crons
            .list()
            .filter(({ key }) => partsOf(key).scope === params['scope'])
            .map(show),
        }),
    ],
    [
      'PUT',
      `${root}/{name}`,
      keyed((key, { body }) =>
        answered(parseBody(cronInput, body), (input) =>
          answered(crons.put(key, input), (result) => {
            const cron = crons.get(key);
            return json(result === 'created' ? 201 : 200, { result, cron: cron && show(cron) });
          }),
        ),
      ),
    ],
    [
      'PATCH',
      `${root}/{name}`,
      keyed((key, { body }) =>
        answered(parseBody(cronPatch, body), ({ armed }) => {
          crons.arm(key, armed);
          return showKey(key);
        }),
      ),
    ],
    ['GET', `${root}/{name}`, keyed((key) => showKey(key))],
    [
      'DELETE',
      `${root}/{name}`,
      keyed((key) => (crons.remove(key) ? json(202, { removing: true }) : notFound('cron', key))),
    ],
    [
      'POST',
      `${root}/{name}/runs`,
      keyed((key) => {
        const run = crons.trigger(key);
        return run ? json(201, showRun(run)) : notFound('cron', key);
      }),
    ],
    [
      'GET',
      `${root}/{name}/runs/{run}`,
      keyed((key, { params }) => {
        const run = runOf(key, params['run']);
        if (!run) return notFound('run', params['run'] ?? '');
        return json(200, { ...showRun(run), log: logOf(agent, run.taskId, shownLines) });
      }),
    ],
    [
      'GET',
      `${root}/{name}/runs/{run}/logs`,
      keyed((key, request) => {
        const tasks = () => [agent.task(runOf(key, request.params['run'])?.taskId ?? '') ?? []].flat();
        return logReply(request, tasks(), tasks);
      }),
    ],
  ];
}

export function showCron(cron: Cron, crons: Crons) {
  return {
    ...partsOf(cron.key),
    ...cron.input,
    next: time(crons.next(cron.key)),
    running: cron.runs.filter(({ state }) => state === 'running').length,
    createdAt: time(cron.createdAt),
    runs: cron.runs.map(showRun),
  };
}

function showRun({ id, due, attempt, state, message, startedAt, endedAt, exitCode, taskId }: CronRun) {
  return {
    id,
    task: taskId,
    due: time(due),
    attempt,
    state,
    message,
    exitCode: exitCode ?? null,
    startedAt: time(startedAt),
    endedAt: time(endedAt),
  };
}
