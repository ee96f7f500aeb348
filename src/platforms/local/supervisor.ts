import { type Failure, isFailure } from '../../model/failure.ts';
import { type Answer, type Api, type Call, refused } from '../api.ts';
import { type Json, list, record } from '../json.ts';

/** What we need of the supervisor's API, within one scope. Absent is undefined. */
export interface Supervisor {
  readonly api: Api;
  readonly scope: string;
  list(kind: Kind, signal?: AbortSignal): Promise<readonly Json[] | Failure>;
  get(kind: Kind, name: string, more?: More): Promise<Json | undefined | Failure>;
  put(kind: Kind, name: string, body: Json, signal?: AbortSignal): Promise<Json | Failure>;
  remove(kind: Kind, name: string, signal?: AbortSignal): Promise<undefined | Failure>;
  arm(cron: string, armed: boolean, signal?: AbortSignal): Promise<undefined | Failure>;
  acknowledge(service: string, drain: string): Promise<void>;
  /** Path of one thing, for streams. */
  path(kind: Kind, name: string): string;
}

export type Kind = 'services' | 'crons' | 'jobs';

interface More {
  readonly query?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export function supervisorAt(api: Api, scope: string): Supervisor {
  const root = `/v1/scopes/${encodeURIComponent(scope)}`;
  const path = (kind: Kind, name: string) => `${root}/${kind}/${encodeURIComponent(name)}`;

  /** Undefined for what is not there. */
  async function ask(call: Call): Promise<Answer | undefined | Failure> {
    const answer = await api.call(call);
    if (isFailure(answer)) return answer;
    if (answer.status === 404) return undefined;
    return answer.status >= 300 ? refused(api, call, answer) : answer;
  }

  return {
    api,
    scope,
    path,
    async list(kind, signal) {
      const answer = await ask({ path: `${root}/${kind}`, signal });
      return isFailure(answer) ? answer : list(record(answer?.json)[kind]);
    },
    async get(kind, name, { query = '', ...more } = {}) {
      const answer = await ask({ path: path(kind, name) + query, ...more });
      return answer === undefined || isFailure(answer) ? answer : record(answer.json);
    },
    async put(kind, name, json, signal) {
      const answer = await ask({ method: 'PUT', path: path(kind, name), json, signal });
      return isFailure(answer) ? answer : record(answer?.json);
    },
    async remove(kind, name, signal) {
      const answer = await ask({ method: 'DELETE', path: path(kind, name), signal });
      return isFailure(answer) ? answer : undefined;
    },
    async arm(cron, armed, signal) {
      const answer = await ask({ method: 'PATCH', path: path('crons', cron), json: { armed }, signal });
      return isFailure(answer) ? answer : undefined;
    },
    async acknowledge(service, drain) {
      await ask({ method: 'POST', path: `${path('services', service)}/drains/${drain}` });
    },
  };
}
