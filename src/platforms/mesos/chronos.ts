import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { type Api, type Call, refused } from '../api.ts';
import { type Json, list } from '../json.ts';

/** What we need of https://mesos.github.io/chronos/docs/api.html */
export interface Chronos {
  jobs(signal?: AbortSignal): Promise<readonly Json[] | Failure>;
  job(name: string, signal?: AbortSignal): Promise<Json | undefined | Failure>;
  /** Creates or replaces. Chronos answers before the job can be seen. */
  put(job: Json, signal?: AbortSignal): Promise<undefined | Failure>;
  remove(name: string, signal?: AbortSignal): Promise<undefined | Failure>;
  /** Ends the tasks of a job. */
  kill(name: string, signal?: AbortSignal): Promise<undefined | Failure>;
}

const bases = { v1: '/v1/scheduler', legacy: '/scheduler' } as const;

/** `version` undefined: found out with the first request. */
export function chronosAt(api: Api, version: keyof typeof bases | undefined): Chronos {
  let known = version;

  async function base(signal: AbortSignal | undefined): Promise<string | Failure> {
    if (known === undefined) {
      const answer = await api.call({ path: `${bases.v1}/jobs`, signal });
      if (isFailure(answer)) return answer;
      known = answer.status === 404 ? 'legacy' : 'v1';
    }
    return bases[known];
  }

  async function ask(call: Call) {
    const root = await base(call.signal);
    if (isFailure(root)) return root;
    const whole = { ...call, path: root + call.path };
    const answer = await api.call(whole);
    if (isFailure(answer)) return answer;
    return answer.status >= 300 ? refused(api, whole, answer) : answer;
  }

  async function jobs(signal?: AbortSignal) {
    const answer = await ask({ path: '/jobs', signal });
    if (isFailure(answer)) return answer;
    if (!Array.isArray(answer.json)) {
      return fail('server-error', `Chronos does not answer with its jobs; is ${api.url} its address?`);
    }
    return list(answer.json);
  }

  return {
    jobs,
    async job(name, signal) {
      const all = await jobs(signal);
      return isFailure(all) ? all : all.find((job) => job['name'] === name);
    },
    async put(job, signal) {
      const answer = await ask({ method: 'POST', path: '/iso8601', json: job, signal });
      return isFailure(answer) ? answer : undefined;
    },
    async remove(name, signal) {
      const answer = await ask({ method: 'DELETE', path: `/job/${encodeURIComponent(name)}`, signal });
      // Chronos knows no 404: a job that is gone is a bad request to it.
      return isFailure(answer) && answer.found !== 'HTTP 400' && answer.found !== 'HTTP 404'
        ? answer
        : undefined;
    },
    async kill(name, signal) {
      const answer = await ask({ method: 'DELETE', path: `/task/kill/${encodeURIComponent(name)}`, signal });
      return isFailure(answer) ? answer : undefined;
    },
  };
}
