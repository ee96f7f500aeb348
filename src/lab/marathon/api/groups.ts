import { json, type Reply, type Request } from '../../http/message.ts';
import { type Embed, showAppInfo } from '../app/info.ts';
import { canonical } from '../app/normalise.ts';
import { isWithin, parentOf } from '../app/path.ts';
import type { Marathon } from '../context.ts';
import { type Change, commit, dryRun } from '../deploy/commit.ts';
import type { Runner } from '../deploy/run.ts';
import { readGroupChange } from '../group/change.ts';
import { showGroup } from '../group/show.ts';
import { readJson } from '../json/parse.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { deploymentReply, flag } from './answers.ts';

export function getGroup(marathon: Marathon, request: Request): Reply {
  const id = idOf(request);
  if (!exists(marathon, id)) return refuse(404, `Group '${id}' does not exist`, []).reply;
  const embeds = request.query.getAll('embed');
  return json(
    200,
    showGroup(
      marathon,
      id,
      new Set(embeds.length > 0 ? embeds : ['group.groups', 'group.apps', 'group.pods']),
    ),
  );
}

/** All apps of a group, at any depth. */
export function listGroupApps(marathon: Marathon, request: Request): Reply {
  const id = idOf(request);
  const apps = [...marathon.state.apps.values()].filter((app) => isWithin(app.id, id));
  const embeds = request.query.getAll('embed').map((embed) => embed.replace(/^group\.apps\./, ''));
  return json(
    200,
    apps.map((app) => showAppInfo(marathon, app, new Set(embeds as Embed[]))),
  );
}

/** Only the present version of a group is known. */
export function listGroupVersions(marathon: Marathon, request: Request): Reply {
  const id = idOf(request);
  if (!exists(marathon, id)) return refuse(404, `Group '${id}' does not exist`, []).reply;
  return json(200, [marathon.state.groups.get(id)?.version ?? marathon.state.version]);
}

export function createGroup(marathon: Marathon, runner: Runner, request: Request): Reply {
  const change = readChange(marathon, request);
  if (isRefusal(change)) return change.reply;
  if (exists(marathon, change.group)) {
    return refuse(409, `Group ${change.group} is already created. Use PUT to change this group.`).reply;
  }
  if (marathon.state.apps.has(change.group)) {
    return refuse(409, `An app with the path ${change.group} already exists.`).reply;
  }
  const committed = commit(marathon, runner, change);
  const reply = deploymentReply(committed, 201);
  if (isRefusal(committed)) return reply;
  return { ...reply, headers: { ...reply.headers, Location: `http://${marathon.address}${change.group}` } };
}

export function putGroup(marathon: Marathon, runner: Runner, request: Request): Reply {
  const change = readChange(marathon, request);
  if (isRefusal(change)) return change.reply;
  if (!flag(request.query, 'dryRun', false)) return deploymentReply(commit(marathon, runner, change));
  const planned = dryRun(marathon, change);
  return isRefusal(planned) ? planned.reply : json(200, { steps: planned.steps });
}

function readChange(marathon: Marathon, request: Request): Change | Refusal {
  const body = readJson(request);
  if (isRefusal(body)) return body;
  const force = flag(request.query, 'force', false);
  const change = readGroupChange(marathon.state, idOf(request), body.value);
  return isRefusal(change) ? change : { ...change, force };
}

/** Takes a group with everything below it away; the root group itself stays. */
export function deleteGroup(marathon: Marathon, runner: Runner, request: Request): Reply {
  const id = idOf(request);
  if (!exists(marathon, id)) return refuse(404, `Group '${id}' does not exist`).reply;
  const { apps, groups } = marathon.state;
  const remove = [...apps.keys()].filter((app) => isWithin(app, id));
  const removeGroups = [...groups.keys()].filter((group) => group === id || isWithin(group, id));
  const force = flag(request.query, 'force', false);
  return deploymentReply(commit(marathon, runner, { remove, removeGroups, force, group: parentOf(id) }));
}

function exists({ state }: Marathon, id: string): boolean {
  return id === '/' || state.groups.has(id);
}

function idOf(request: Request): string {
  return canonical(request.params['id'] ?? '');
}
