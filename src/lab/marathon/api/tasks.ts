import { json, type Reply, type Request } from '../../http/message.ts';
import type { Instance } from '../../orchestrator/orchestrator.ts';
import { canonical } from '../app/normalise.ts';
import { isWithin, parentOf } from '../app/path.ts';
import type { Marathon } from '../context.ts';
import { commit } from '../deploy/commit.ts';
import type { Runner } from '../deploy/run.ts';
import { readJson } from '../json/parse.ts';
import { isRefusal, noSuchApp, type Refusal, refuse, violation, wrongShape } from '../refusal.ts';
import { launched, showTask, showTasks } from '../task/show.ts';
import { deploymentReply, flag } from './answers.ts';
import { accepts, notAcceptable } from './headers.ts';

/** `GET /v2/tasks?status=running`: of all apps, with their service ports. */
export function listTasks(marathon: Marathon, request: Request): Reply {
  if (!accepts(request, 'application/json')) return notAcceptable;
  const statuses = [...request.query.getAll('status'), ...request.query.getAll('status[]')];
  const states = new Set(statuses.map((status) => `TASK_${status.toUpperCase()}`));
  // Tasks of an app that is being deleted are there until they have ended.
  const keys = marathon.orchestrator.services().map((service) => service.key);
  const tasks = keys.flatMap((app) =>
    launched(marathon, app)
      .filter((instance) => states.size === 0 || states.has(instance.state))
      .map((instance) => showTask(marathon, app, instance, true)),
  );
  return json(200, { tasks });
}

/** `GET /v2/apps/ID/tasks`, also for a whole group with `ID/*`. */
export function listTasksOfApp(marathon: Marathon, request: Request): Reply {
  if (!accepts(request, 'application/json')) return notAcceptable;
  const id = canonical(request.params['id'] ?? '');
  const group = /^(.*)\/\*$/.exec(id);
  if (group) {
    const within = [...marathon.state.apps.keys()].filter((app) => isWithin(app, group[1] || '/'));
    return json(200, { tasks: within.flatMap((app) => showTasks(marathon, app)) });
  }
  if (!marathon.state.apps.has(id)) return refuse(404, `App '${id}' does not exist`, []).reply;
  return json(200, { tasks: showTasks(marathon, id) });
}

/** Kills tasks of one app, on one host where that is asked for. */
export function killTasksOfApp(marathon: Marathon, runner: Runner, request: Request): Reply {
  const id = canonical(request.params['id'] ?? '');
  const host = request.query.get('host');
  const chosen = host === null || host === '*' || host === marathon.agent.host;
  const victims = chosen ? launched(marathon, id) : [];
  return kill(marathon, runner, request, id, victims, (killed) =>
    json(200, { tasks: killed.map((instance) => showTask(marathon, id, instance)) }),
  );
}

export function killOneTask(marathon: Marathon, runner: Runner, request: Request): Reply {
  const id = canonical(request.params['id'] ?? '');
  const task = request.params['task'] ?? '';
  const instanceId = instanceOf(task);
  const victims = launched(marathon, id).filter((instance) => instance.id === instanceId);
  return kill(marathon, runner, request, id, victims, ([killed]) =>
    killed
      ? json(200, { task: showTask(marathon, id, killed) })
      : refuse(404, `Task '${task}' does not exist`).reply,
  );
}

function kill(
  marathon: Marathon,
  runner: Runner,
  request: Request,
  id: string,
  victims: readonly Instance[],
  answer: (killed: readonly Instance[]) => Reply,
): Reply {
  const contradiction = scaleAndWipe(request);
  if (contradiction) return contradiction.reply;
  if (!marathon.state.apps.has(id)) return noSuchApp(id).reply;
  if (flag(request.query, 'scale', false)) return killAndScale(marathon, runner, request, [[id, victims]]);
  const replace = flag(request.query, 'wipe', false) ? 'fresh' : 'same';
  marathon.orchestrator.kill(
    id,
    victims.map((instance) => instance.id),
    replace,
  );
  return answer(victims);
}

/** `POST /v2/tasks/delete {"ids": […]}`: of any apps; ids that nobody has are ignored, unreadable ones are not. */
export function killTasks(marathon: Marathon, runner: Runner, request: Request): Reply {
  const contradiction = scaleAndWipe(request);
  if (contradiction) return contradiction.reply;
  const ids = readIds(request);
  if (isRefusal(ids)) return ids.reply;
  const wanted = new Set(ids.map(instanceOf));
  const found = [...marathon.state.apps.keys()].map((app): [string, readonly Instance[]] => [
    app,
    launched(marathon, app).filter((instance) => wanted.has(instance.id)),
  ]);
  const victims = found.filter(([, instances]) => instances.length > 0);
  if (flag(request.query, 'scale', false)) return killAndScale(marathon, runner, request, victims);
  const replace = flag(request.query, 'wipe', false) ? 'fresh' : 'same';
  for (const [app, instances] of victims) {
    marathon.orchestrator.kill(
      app,
      instances.map((instance) => instance.id),
      replace,
    );
  }
  const tasks = victims.flatMap(([app, instances]) => instances.map((one) => showTask(marathon, app, one)));
  return json(200, { tasks });
}

function scaleAndWipe(request: Request): Refusal | undefined {
  const both = flag(request.query, 'scale', false) && flag(request.query, 'wipe', false);
  return both ? refuse(400, 'You cannot use scale and wipe at the same time.') : undefined;
}

function readIds(request: Request): readonly string[] | Refusal {
  const body = readJson(request);
  if (isRefusal(body)) return body;
  const { value } = body;
  const ids = typeof value === 'object' && value !== null && 'ids' in value ? value.ids : undefined;
  if (!Array.isArray(ids)) {
    return wrongShape([violation('/ids', `'ids' is undefined on object: ${JSON.stringify(value)}`)]);
  }
  const strings = ids.map(String);
  const bad = strings.find((id) => !taskIdPattern.test(id));
  if (bad === undefined) return strings;
  return refuse(
    400,
    `Invalid task id '${bad}'. [taskId ${bad} no valid identifier (of class java.lang.String)]`,
  );
}

const taskIdPattern = /^.+[._][^._]+$/;

/** `demo_web.instance-UUID` of `demo_web.instance-UUID._app.1`. */
function instanceOf(taskId: string): string {
  return /^(.+\.(?:instance|marathon)-[^.]+)/.exec(taskId)?.[1] ?? taskId;
}

function killAndScale(
  marathon: Marathon,
  runner: Runner,
  request: Request,
  victims: readonly (readonly [string, readonly Instance[]])[],
): Reply {
  const put = victims.flatMap(([id, instances]) => {
    const app = marathon.state.apps.get(id);
    return app ? [{ ...app, instances: Math.max(0, app.instances - instances.length) }] : [];
  });
  const kill = Object.fromEntries(victims.map(([id, instances]) => [id, instances.map((one) => one.id)]));
  const force = flag(request.query, 'force', false);
  const [only] = victims;
  const group = victims.length === 1 && only ? parentOf(only[0]) : '/';
  return deploymentReply(commit(marathon, runner, { put, kill, force, group }));
}
