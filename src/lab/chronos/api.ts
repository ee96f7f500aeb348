import { empty, type Handler, json, type Reply, type Request, text } from '../http/message.ts';
import { type Route, router } from '../http/router.ts';
import { unknownJob } from './errors.ts';
import { stateOf, toCsv, toDot } from './graph.ts';
import { lastOutcome, showJob } from './job.ts';
import type { JobRecord } from './record.ts';
import type { Scheduler } from './scheduler.ts';
import { showStatistics } from './statistics.ts';
import { readDependent, readScheduled, type Submission } from './submit.ts';
import type { View } from './view.ts';

export interface Chronos {
  readonly scheduler: Scheduler;
  /** What GETs see, a little late. */
  readonly view: View;
  /** ms since 1970. */
  readonly now: () => number;
  /** `127.0.0.1:4400`. */
  readonly address: string;
}

/** Answers requests as Chronos 3 does under `/v1/scheduler`, and as Chronos 2 under `/scheduler`. */
export function chronosHandler(chronos: Chronos): Handler {
  const find = router([
    ['GET', '/ping', () => text(200, 'pong')],
    ...routes(chronos, 3),
    ...routes(chronos, 2),
  ]);
  return (request) => {
    const match = find(request.method, request.path);
    if (match.kind === 'found') return match.handle({ ...request, params: match.params });
    if (match.kind === 'wrong-method') return empty(405, { Allow: match.allowed.join(',') });
    return json(404, { status: 'Not Found', message: 'HTTP 404 Not Found' });
  };
}

function routes(chronos: Chronos, generation: 2 | 3): readonly Route[] {
  const base = generation === 3 ? '/v1/scheduler' : '/scheduler';
  const scheduled: Handler = (request) => submit(chronos, readScheduled(request, chronos.now()));
  const dependent: Handler = (request) => submit(chronos, readDependent(request));
  const replacing: readonly Route[] = [
    ['PUT', '/scheduler/iso8601', scheduled],
    ['PUT', '/scheduler/dependency', dependent],
  ];
  return [
    ['POST', `${base}/iso8601`, scheduled],
    ['POST', `${base}/dependency`, dependent],
    ...(generation === 2 ? replacing : []),
    ['GET', `${base}/leader`, () => json(200, { leader: chronos.address })],
    [
      'GET',
      `${base}/jobs`,
      () =>
        json(
          200,
          jobs(chronos).map(({ job }) => showJob(job, generation)),
        ),
    ],
    ['GET', `${base}/jobs/search`, (request) => search(chronos, request, generation)],
    ['GET', `${base}/jobs/summary`, () => summary(chronos)],
    ['GET', `${base}/job/stat/{name}`, (request) => stat(chronos, request)],
    ['PUT', `${base}/job/success/{name}`, (request) => markSuccess(chronos, request)],
    ['GET', `${base}/job/{name}`, (request) => show(chronos, request, generation)],
    ['PUT', `${base}/job/{name}`, (request) => runNow(chronos, request)],
    ['DELETE', `${base}/job/{name}`, (request) => remove(chronos, request)],
    ['DELETE', `${base}/task/kill/{name}`, (request) => kill(chronos, request)],
    ['GET', `${base}/graph/dot`, () => text(200, toDot(jobs(chronos)))],
    ['GET', `${base}/graph/csv`, () => text(200, toCsv(jobs(chronos)))],
  ];
}

/** 204 at once; whoever asks for the job right afterwards may still miss it. */
function submit({ scheduler, view }: Chronos, submission: Submission): Reply {
  if ('refusal' in submission) return submission.refusal;
  view.veil(submission.job.name);
  scheduler.submit(submission.job, submission.schedule);
  return empty(204);
}

function jobs({ view }: Chronos): readonly JobRecord[] {
  return view.all();
}

function show(chronos: Chronos, request: Request, generation: 2 | 3): Reply {
  const name = nameOf(request);
  const record = chronos.view.one(name);
  return record ? json(200, showJob(record.job, generation)) : unknownJob(name);
}

function stat(chronos: Chronos, request: Request): Reply {
  const name = nameOf(request);
  const record = chronos.view.one(name);
  return record ? json(200, showStatistics(record.durations)) : unknownJob(name);
}

function search(chronos: Chronos, { query }: Request, generation: 2 | 3): Reply {
  const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
  const [name, command, any] = ['name', 'command', 'any'].map((key) => query.get(key) ?? '');
  const found = jobs(chronos).filter(({ job }) => {
    const fits = (!name || has(job.name, name)) && (!command || has(job.command, command));
    return fits || (any !== undefined && any !== '' && (has(job.name, any) || has(job.command, any)));
  });
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? 10);
  return json(
    200,
    found.slice(offset, offset + limit).map(({ job }) => showJob(job, generation)),
  );
}

function summary(chronos: Chronos): Reply {
  const all = jobs(chronos).map((record) => ({
    name: record.job.name,
    status: lastOutcome(record.job),
    state: stateOf(record),
    schedule: record.job.schedule ?? '',
    parents: record.job.parents ?? [],
    disabled: record.job.disabled,
  }));
  return json(200, { jobs: all });
}

function runNow({ scheduler }: Chronos, request: Request): Reply {
  const name = nameOf(request);
  if (!scheduler.records.has(name)) return unknownJob(name);
  scheduler.runNow(name, request.query.get('arguments') ?? '');
  return empty(204);
}

function markSuccess({ scheduler }: Chronos, request: Request): Reply {
  const name = nameOf(request);
  const known = scheduler.records.has(name);
  scheduler.markSuccess(name);
  return text(200, `marked job ${name} as successful: ${known}`);
}

function remove({ scheduler }: Chronos, request: Request): Reply {
  const name = nameOf(request);
  if (!scheduler.records.has(name)) return unknownJob(name);
  scheduler.remove(name);
  return empty(204);
}

function kill({ scheduler }: Chronos, request: Request): Reply {
  const name = nameOf(request);
  if (!scheduler.records.has(name)) return unknownJob(name);
  scheduler.kill(name);
  return empty(204);
}

function nameOf(request: Request): string {
  return request.params['name'] ?? '';
}
