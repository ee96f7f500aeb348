import { userInfo } from 'node:os';
import { empty, type Reply, type Request } from '../http/message.ts';
import { badRequest, requirementFailed, serverError } from './errors.ts';
import { type Job, readJob } from './job.ts';
import { asObject, type Fields } from './lenient.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** A job that may be taken, or the answer that refuses it. */
export type Submission = { readonly job: Job; readonly schedule?: Schedule } | { readonly refusal: Reply };

/** `POST /iso8601`: a job with a schedule. `now` in ms since 1970. */
export function readScheduled(request: Request, now: number): Submission {
  const body = readBody(request);
  if ('refusal' in body) return body;
  const { parents: _parents, ...fields } = body.fields;
  const job = readJob(fields);
  const refusal = check(job);
  if (refusal) return { refusal };
  const text = job.schedule ?? '';
  const schedule = parseSchedule(text, job.scheduleTimeZone ?? '', now);
  if (!schedule) return { refusal: badRequest(`Cannot parse schedule '${text}' (wtf bro)`) };
  if (schedule.start < 0) {
    const start = new Date(schedule.start).toISOString();
    return { refusal: badRequest(`Scheduled start date '${start}' is before epoch!`) };
  }
  return { job, schedule };
}

/** `POST /dependency`: a job with parents, which need not exist. */
export function readDependent(request: Request): Submission {
  const body = readBody(request);
  if ('refusal' in body) return body;
  const job = readJob({ ...body.fields, parents: body.fields['parents'] ?? [] });
  const refusal = check(job);
  if (refusal) return { refusal };
  if (job.parents?.length === 0) {
    return { refusal: serverError('java.lang.Exception: Error, parent does not exist for job') };
  }
  return { job };
}

function readBody(request: Request): { readonly fields: Fields } | { readonly refusal: Reply } {
  const type = request.headers['content-type'];
  if (type === undefined || !/^application\/json\b/i.test(type)) return { refusal: empty(415) };
  try {
    const fields = asObject(JSON.parse(request.body));
    return fields ? { fields } : { refusal: badRequest('The body is not a JSON object') };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refusal: badRequest(`com.fasterxml.jackson.core.JsonParseException: ${why}`) };
  }
}

function check(job: Job): Reply | undefined {
  if (!/^[\w.-]+$/.test(job.name)) {
    return requirementFailed(String.raw`the job's name is invalid. Allowed names: '([\w\.-]+)'`);
  }
  if (job.uris.length > 0 && job.fetch.length > 0) {
    return badRequest(`Tried to add both uri (deprecated) and fetch parameters on ${job.name}`);
  }
  const missing = unsupported(job);
  return missing ? badRequest(`${missing} not supported by the embedded Chronos`) : undefined;
}

/** What the real one could do and the lab cannot; it says so instead of ignoring it. */
function unsupported(job: Job): string | undefined {
  if (job.uris.length > 0 || job.fetch.length > 0) return 'fetching of artifacts is';
  if (job.container && job.container.volumes.length > 0) return 'volumes are';
  if (job.runAsUser !== '' && job.runAsUser !== userInfo().username)
    return `users other than ${userInfo().username} are`;
  if (job.executor !== '') return 'custom executors are';
  return undefined;
}
