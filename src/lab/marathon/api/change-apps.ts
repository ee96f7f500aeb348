import { json, type Reply, type Request } from '../../http/message.ts';
import { readNewApp, readUpdate, type UpdateOptions } from '../app/change.ts';
import type { AppDefinition, Draft } from '../app/definition.ts';
import { canonical } from '../app/normalise.ts';
import { parentOf } from '../app/path.ts';
import { showApp } from '../app/show.ts';
import type { Marathon } from '../context.ts';
import { commit } from '../deploy/commit.ts';
import type { Runner } from '../deploy/run.ts';
import { readJson } from '../json/parse.ts';
import { isRefusal, noSuchApp, type Refusal, refuse, violation, wrongShape } from '../refusal.ts';
import { deploymentReply, flag } from './answers.ts';
import { idOf } from './apps.ts';

export function createApp(marathon: Marathon, runner: Runner, request: Request): Reply {
  const body = readJson(request);
  if (isRefusal(body)) return body.reply;
  const draft = readNewApp(body.value, (said) => canonical(said));
  if (isRefusal(draft)) return draft.reply;
  const { id } = draft;
  if (marathon.state.apps.has(id)) return refuse(409, `An app with id [${id}] already exists.`).reply;
  const committed = commit(marathon, runner, {
    put: [draft],
    force: flag(request.query, 'force', false),
    group: parentOf(id),
    post: { clientIp: request.remote, uri: request.path },
  });
  const app = marathon.state.apps.get(id);
  if (isRefusal(committed) || !app) return deploymentReply(committed);
  const deploymentId = committed.deployment.id;
  return json(201, showNew(app, draft, deploymentId), {
    Location: `http://${marathon.address}${id}`,
    'Marathon-Deployment-Id': deploymentId,
  });
}

/** The answer to the POST of an app: nothing runs yet, and service ports are as they were asked for. */
function showNew(app: AppDefinition, draft: Draft, deploymentId: string): unknown {
  const { version, versionInfo } = app;
  return {
    ...showApp({ ...draft, version, versionInfo }, false),
    tasksStaged: 0,
    tasksRunning: 0,
    tasksHealthy: 0,
    tasksUnhealthy: 0,
    deployments: [{ id: deploymentId }],
  };
}

export function putApp(marathon: Marathon, runner: Runner, request: Request): Reply {
  const partial = flag(request.query, 'partialUpdate', true);
  return update(marathon, runner, request, { partial, create: true });
}

export function patchApp(marathon: Marathon, runner: Runner, request: Request): Reply {
  return update(marathon, runner, request, { partial: true, create: false });
}

function update(marathon: Marathon, runner: Runner, request: Request, options: UpdateOptions): Reply {
  const id = idOf(request);
  const body = readJson(request);
  if (isRefusal(body)) return body.reply;
  const draft = readUpdate(marathon.state, id, body.value, options);
  if (isRefusal(draft)) return draft.reply;
  const isNew = !marathon.state.apps.has(id);
  const committed = commit(marathon, runner, {
    put: [draft],
    force: flag(request.query, 'force', false),
    group: parentOf(id),
    post: { clientIp: request.remote, uri: request.path },
  });
  const reply = deploymentReply(committed, isNew ? 201 : 200);
  if (!isNew || isRefusal(committed)) return reply;
  return { ...reply, headers: { ...reply.headers, Location: `http://${marathon.address}${id}` } };
}

/** PUT or PATCH of an array: one deployment for all. */
export function updateMany(marathon: Marathon, runner: Runner, request: Request): Reply {
  const body = readJson(request);
  if (isRefusal(body)) return body.reply;
  if (!Array.isArray(body.value)) return wrongShape([violation('/', 'error.expected.jsarray')]).reply;
  const patch = request.method === 'PATCH';
  const partial = patch || flag(request.query, 'partialUpdate', true);
  const drafts: Draft[] = [];
  for (const [index, value] of body.value.entries()) {
    const draft = oneOfMany(marathon, value, index, { partial, create: !patch });
    if (isRefusal(draft)) return draft.reply;
    drafts.push(draft);
  }
  const force = flag(request.query, 'force', false);
  return deploymentReply(commit(marathon, runner, { put: drafts, force, group: '/' }));
}

function oneOfMany(
  marathon: Marathon,
  value: unknown,
  index: number,
  options: UpdateOptions,
): Draft | Refusal {
  const named = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  if (typeof named !== 'string') {
    const message = `'id' is undefined on object: ${JSON.stringify(value)}`;
    return wrongShape([violation(`(${index})/id`, message)]);
  }
  return readUpdate(marathon.state, canonical(named), value, options);
}

export function deleteApp(marathon: Marathon, runner: Runner, request: Request): Reply {
  const id = idOf(request);
  if (!marathon.state.apps.has(id)) return noSuchApp(id).reply;
  const force = flag(request.query, 'force', true);
  return deploymentReply(commit(marathon, runner, { remove: [id], force, group: parentOf(id) }));
}

export function restartApp(marathon: Marathon, runner: Runner, request: Request): Reply {
  const id = idOf(request);
  const app = marathon.state.apps.get(id);
  if (!app) return noSuchApp(id).reply;
  const force = flag(request.query, 'force', false);
  const restart = new Set([id]);
  return deploymentReply(commit(marathon, runner, { put: [app], restart, force, group: parentOf(id) }));
}
