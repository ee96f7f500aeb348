import type { HttpResponse } from '../../../host/host.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, parseJson, record } from '../../json.ts';
import type { ConnectContext } from '../../platform.ts';
import type { Cluster, Place } from '../cluster.ts';
import { type Kind, others } from '../kinds.ts';
import type { KubernetesSettings } from '../settings.ts';
import { accessTo } from './access.ts';
import { findEntry } from './kubeconfig.ts';
import { listAll } from './list.ts';
import { pathOf, queryOf } from './paths.ts';
import { type Ask, requestsOf, type Session } from './requests.ts';
import { type Asked, failureOf, holders } from './status.ts';
import { refusalOf, watched } from './watch.ts';

/** What fields are written under; everybody else who writes is somebody else. */
export const fieldManager = 'rehome';

/** A log that is followed may be silent for long before its first line. */
const dayMs = 86_400_000;

/** Somebody else wrote in the same moment; the next time decides. */
const mostCollisions = 4;

/**
 * The API of a home's cluster. The kubeconfig is read when something is first asked, and again as long as that
 * failed. Failures: `kubeconfig-unusable`, `unknown-context`, `not-authenticated`, `forbidden`, `unknown-namespace`,
 * `namespace-ending`, `conflict`, `too-large`, `unsupported`, `refused`, `server-error`, `unreachable`, `interrupted`.
 */
export function clusterAt(
  settings: KubernetesSettings,
  { host, root }: Pick<ConnectContext, 'host' | 'root'>,
  env: NodeJS.ProcessEnv = process.env,
): Cluster {
  const { request, lines } = requestsOf(host);
  const mayTake = new Set([fieldManager, ...(settings.take_over ?? [])]);
  let opened: Promise<Session | Failure> | undefined;

  async function session(): Promise<Session | Failure> {
    opened ??= open(settings, { host, root }, env);
    const found = await opened;
    if (isFailure(found)) opened = undefined;
    return found;
  }

  /** One request about a kind; `path` is made of the namespace. */
  async function ask(
    about: { readonly verb: string; readonly kind: Kind; readonly name?: string },
    path: (namespace: string) => string,
    rest: Omit<Ask, 'path'>,
  ): Promise<{ readonly asked: Asked; readonly response: HttpResponse } | Failure> {
    const found = await session();
    if (isFailure(found)) return found;
    const response = await request(found, { ...rest, path: path(found.place.namespace) });
    return isFailure(response) ? response : { asked: { ...about, place: found.place }, response };
  }

  async function send(
    kind: Kind,
    name: string,
    verb: string,
    query: string,
    rest: Omit<Ask, 'path'>,
    part?: string,
  ) {
    const about = { verb, kind, name };
    for (let attempt = 0; ; attempt++) {
      const answer = await ask(about, (namespace) => pathOf(kind, namespace, name, part) + query, rest);
      if (isFailure(answer) || attempt >= mostCollisions) return answer;
      const { status, body } = answer.response;
      if (status !== 409 || holders(body).length > 0) return answer;
    }
  }

  return {
    async place() {
      const found = await session();
      return isFailure(found) ? found : found.place;
    },

    async list(kind, { labels, fields, signal } = {}) {
      const about = { verb: 'list', kind };
      const page = (more: string | undefined) => {
        const query = queryOf({ limit: 500, labelSelector: labels, fieldSelector: fields, continue: more });
        return ask(about, (namespace) => pathOf(kind, namespace) + query, { signal });
      };
      return await listAll(kind, page);
    },

    async get(kind, name, signal) {
      const answer = await send(kind, name, 'get', '', { signal });
      return isFailure(answer) ? answer : objectOrNone(answer);
    },

    async apply(kind, name, body, { force = false, dryRun, signal } = {}) {
      const rest = { method: 'PATCH', json: body, headers: applyType, signal } as const;
      const query = { fieldManager, fieldValidation: 'Strict', ...(dryRun ? { dryRun: 'All' } : {}) };
      const answer = await send(kind, name, 'patch', queryOf({ ...query, force }), rest);
      if (isFailure(answer)) return answer;
      const managers = answer.response.status === 409 && !force ? holders(answer.response.body) : [];
      const mine = managers.length > 0 && managers.every((manager) => mayTake.has(manager));
      const forced = mine
        ? await send(kind, name, 'patch', queryOf({ ...query, force: true }), rest)
        : answer;
      return isFailure(forced) ? forced : object(forced);
    },

    async create(kind, body, signal) {
      const name = String(record(body['metadata'])['name']);
      const query = queryOf({ fieldManager, fieldValidation: 'Strict' });
      const rest = { method: 'POST', json: body, signal } as const;
      const answer = await ask(
        { verb: 'create', kind, name },
        (namespace) => pathOf(kind, namespace) + query,
        rest,
      );
      if (isFailure(answer)) return answer;
      // A quota that changed meanwhile is a 409 too.
      return answer.response.status === 409 && isThere(answer.response.body) ? undefined : object(answer);
    },

    async patch(kind, name, body, { part, signal } = {}) {
      const rest = { method: 'PATCH', json: body, headers: mergeType, signal } as const;
      const answer = await send(kind, name, 'patch', queryOf({ fieldManager }), rest, part);
      return isFailure(answer) ? answer : objectOrNone(answer);
    },

    async remove(kind, name, signal, dryRun) {
      const json = { propagationPolicy: 'Background' };
      const answer = await send(kind, name, 'delete', dryRun ? '?dryRun=All' : '', {
        method: 'DELETE',
        json,
        signal,
      });
      const found = isFailure(answer) ? answer : objectOrNone(answer);
      return isFailure(found) ? found : undefined;
    },

    async *watch(kind, { labels, fields, resourceVersion, onOpen, background, signal }) {
      const found = await session();
      if (isFailure(found)) return yield found;
      const { place } = found;
      const query = queryOf({
        watch: true,
        labelSelector: labels,
        fieldSelector: fields,
        ...beginningOf(resourceVersion),
      });
      const rest = { signal, ...(onOpen ? { onOpen } : {}), ...(background ? { background } : {}) };
      const path = pathOf(kind, place.namespace) + query;
      yield* watched(lines(found, { path, ...rest }), { verb: 'watch', kind, place });
    },

    async *log(pod, { container, tail, follow, previous, timestamps, sinceTime, signal }) {
      const found = await session();
      if (isFailure(found)) return yield found;
      const { place } = found;
      const query = queryOf({ container, tailLines: tail, follow, previous, timestamps, sinceTime });
      const path = pathOf(others.Pod, place.namespace, pod, 'log') + query;
      const asked = { verb: 'get the log of', kind: others.Pod, name: pod, place };
      for await (const line of lines(found, { path, signal, ...(follow ? { timeoutMs: dayMs } : {}) }))
        yield isFailure(line) ? refusalOf(line, asked) : line;
    },
  };
}

/**
 * Without a version from whatever the server has at hand, which is followed by all that came since. In that case
 * bookmarks would want an etcd that not every cluster has.
 */
function beginningOf(resourceVersion: string | undefined) {
  return resourceVersion === undefined
    ? { resourceVersion: '0' }
    : { resourceVersion, allowWatchBookmarks: true };
}

const applyType = { 'content-type': 'application/apply-patch+yaml' };
const mergeType = { 'content-type': 'application/merge-patch+json' };

async function open(
  settings: KubernetesSettings,
  { host, root }: Pick<ConnectContext, 'host' | 'root'>,
  env: NodeJS.ProcessEnv,
): Promise<Session | Failure> {
  const entry = await findEntry(settings, { files: host.files, root, env });
  if (isFailure(entry)) return entry;
  const identities = accessTo(entry, host);
  if (isFailure(identities)) return identities;
  const { context } = entry;
  const place: Place = {
    namespace: settings.namespace ?? entry.namespace ?? 'default',
    server: entry.cluster.server,
    ...(context === undefined ? {} : { context }),
  };
  return { place, identities };
}

interface Answer {
  readonly asked: Asked;
  readonly response: HttpResponse;
}

function object({ asked, response }: Answer): Json | Failure {
  return response.status < 300 ? record(parseJson(response.body)) : failureOf(asked, response);
}

/** That an object is not there is an answer; that its namespace or its kind is not, is a failure only of a write. */
function objectOrNone(answer: Answer): Json | undefined | Failure {
  return answer.response.status === 404 ? undefined : object(answer);
}

function isThere(body: string): boolean {
  return record(parseJson(body))['reason'] === 'AlreadyExists';
}
