import { json, type Reply, type Request } from '../../http/message.ts';
import { versionOf } from '../app/change.ts';
import { type Embed, showAppInfo } from '../app/info.ts';
import { canonical } from '../app/normalise.ts';
import { isWithin } from '../app/path.ts';
import { labelSelector } from '../app/selector.ts';
import { showApp } from '../app/show.ts';
import type { Marathon } from '../context.ts';
import { isRefusal, refuse } from '../refusal.ts';

export function listApps(marathon: Marathon, request: Request): Reply {
  const { query } = request;
  const selector = labelSelector(query.get('label') ?? '');
  if (isRefusal(selector)) return selector.reply;
  const cmd = query.get('cmd')?.toLowerCase();
  const id = query.get('id')?.toLowerCase();
  const apps = [...marathon.state.apps.values()].filter(
    (app) =>
      (cmd === undefined || app.cmd?.toLowerCase().includes(cmd)) &&
      (id === undefined || app.id.toLowerCase().includes(id)) &&
      selector(app.labels),
  );
  const embeds = embedsOf(query, 'apps.', ['counts', 'deployments'], ['counts', 'deployments']);
  return json(200, { apps: apps.map((app) => showAppInfo(marathon, app, embeds)) });
}

const all: readonly Embed[] = ['counts', 'deployments', 'tasks', 'lastTaskFailure'];

export function showOne(marathon: Marathon, request: Request): Reply {
  const id = idOf(request);
  const embeds = embedsOf(request.query, 'app.', all, all);
  const group = /^(.*)\/\*$/.exec(id);
  if (group) {
    const within = [...marathon.state.apps.values()].filter((app) => isWithin(app.id, group[1] || '/'));
    return json(200, { '*': within.map((app) => showAppInfo(marathon, app, new Set(all))) });
  }
  const app = marathon.state.apps.get(id);
  if (!app) return refuse(404, `App '${id}' does not exist`, []).reply;
  return json(200, { app: showAppInfo(marathon, app, embeds) });
}

/** `embed=apps.tasks`; `apps.failures` means the last failure. What is always there stays. */
function embedsOf(
  query: URLSearchParams,
  prefix: string,
  always: readonly Embed[],
  byDefault: readonly Embed[],
): ReadonlySet<Embed> {
  const asked = query.getAll('embed').flatMap((value) => value.split(','));
  if (asked.length === 0) return new Set(byDefault);
  const named = asked
    .filter((value) => value.startsWith(prefix))
    .map((value) => value.slice(prefix.length))
    .map((value) => (value === 'failures' ? 'lastTaskFailure' : value) as Embed);
  const failures = asked.includes(`${prefix}failures`) ? (['tasks'] as const) : [];
  return new Set([...always, ...named, ...failures]);
}

export function listVersions(marathon: Marathon, request: Request): Reply {
  const id = idOf(request);
  if (!marathon.state.apps.has(id)) return refuse(404, `App '${id}' does not exist`, []).reply;
  return json(200, { versions: marathon.state.versionsOf(id).map((app) => app.version) });
}

export function showVersion(marathon: Marathon, request: Request): Reply {
  const id = idOf(request);
  const version = request.params['version'] ?? '';
  const app = versionOf(marathon.state, id, version);
  if (app) return json(200, showApp(app));
  const known = marathon.state.apps.has(id);
  const suffix = known ? ` in version ${version}` : '';
  return refuse(404, `App '${id}' does not exist${suffix}`, []).reply;
}

/** The app that a path names. */
export function idOf(request: Request): string {
  return canonical(request.params['id'] ?? '');
}
