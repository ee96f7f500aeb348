import type { Clock } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { type Answer, type Api, type Call, refused } from '../api.ts';
import { type Json, list, record, text } from '../json.ts';

/** What we need of https://mesosphere.github.io/marathon/api-console/index.html. Ids begin with `/`. */
export interface Marathon {
  /** Apps whose id contains `part`; all without it. */
  apps(part: string | undefined, signal?: AbortSignal): Promise<readonly Json[] | Failure>;
  /** With tasks, counts, deployments and the last failure. */
  app(id: string, signal?: AbortSignal): Promise<LiveApp | undefined | Failure>;
  put(id: string, body: Json, signal?: AbortSignal): Promise<Written | Failure>;
  remove(id: string, signal?: AbortSignal): Promise<Written | Failure>;
  /** Ends a deployment where it stands. */
  stop(deployment: string, signal?: AbortSignal): Promise<undefined | Failure>;
  deployments(signal?: AbortSignal): Promise<readonly Json[] | Failure>;
  /** Of one app, oldest first. */
  versions(id: string, signal?: AbortSignal): Promise<readonly string[] | Failure>;
  version(id: string, version: string, signal?: AbortSignal): Promise<Json | undefined | Failure>;
  queue(signal?: AbortSignal): Promise<readonly Json[] | Failure>;
  readonly api: Api;
}

export interface LiveApp {
  readonly app: Json;
  /** The server's clock, ms since 1970. */
  readonly now: number;
  /** Ours at the same moment. */
  readonly here: number;
}

/** Accepted, or locked by the deployments named. */
export type Written = { readonly deployment?: string } | { readonly lockedBy: readonly string[] };

export function marathonAt(api: Api, clock: Clock): Marathon {
  async function get(path: string, signal: AbortSignal | undefined): Promise<Answer | undefined | Failure> {
    const call: Call = { path, signal };
    const answer = await api.call(call);
    if (isFailure(answer)) return answer;
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) return refused(api, call, answer);
    return answer.json === undefined ? notJson(api, path) : answer;
  }

  async function write(call: Call): Promise<Written | Failure> {
    const answer = await api.call(call);
    if (isFailure(answer)) return answer;
    if (answer.status === 409)
      return { lockedBy: list(record(answer.json)['deployments']).map(({ id }) => String(id)) };
    if (answer.status >= 300) return refused(api, call, answer);
    const deployment = text(record(answer.json)['deploymentId']) ?? answer.headers['marathon-deployment-id'];
    return deployment === undefined ? {} : { deployment };
  }

  return {
    api,
    async apps(part, signal) {
      const answer = await get(part ? `/v2/apps?id=${encodeURIComponent(part)}` : '/v2/apps', signal);
      return isFailure(answer) ? answer : list(record(answer?.json)['apps']);
    },
    async app(id, signal) {
      const answer = await get(`/v2/apps${id}`, signal);
      if (answer === undefined || isFailure(answer)) return answer;
      const here = clock.now();
      const there = Date.parse(answer.headers['date'] ?? '');
      return { app: record(record(answer.json)['app']), now: Number.isNaN(there) ? here : there, here };
    },
    put: (id, json, signal) => write({ method: 'PUT', path: `/v2/apps${id}`, json, signal }),
    async remove(id, signal) {
      const call: Call = { method: 'DELETE', path: `/v2/apps${id}?force=false`, signal };
      const written = await write(call);
      // A repeated request finds nothing left to remove.
      return isFailure(written) && written.found === 'HTTP 404' ? {} : written;
    },
    async stop(deployment, signal) {
      const call: Call = { method: 'DELETE', path: `/v2/deployments/${deployment}?force=true`, signal };
      const written = await write(call);
      return isFailure(written) && written.found !== 'HTTP 404' ? written : undefined;
    },
    async deployments(signal) {
      const answer = await get('/v2/deployments', signal);
      return isFailure(answer) ? answer : list(answer?.json);
    },
    async versions(id, signal) {
      const answer = await get(`/v2/apps${id}/versions`, signal);
      if (isFailure(answer)) return answer;
      const found = record(answer?.json)['versions'];
      return Array.isArray(found) ? found.map(String).sort() : [];
    },
    async version(id, version, signal) {
      const answer = await get(`/v2/apps${id}/versions/${version}`, signal);
      return answer === undefined || isFailure(answer) ? answer : record(answer.json);
    },
    async queue(signal) {
      const answer = await get('/v2/queue', signal);
      return isFailure(answer) ? answer : list(record(answer?.json)['queue']);
    },
  };
}

function notJson(api: Api, path: string): Failure {
  return fail('server-error', `${api.name} does not answer ${path} with JSON; is ${api.url} its address?`);
}
