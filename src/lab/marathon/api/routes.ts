import { json, type Reply, type Request } from '../../http/message.ts';
import { type Route, router } from '../../http/router.ts';
import type { Marathon } from '../context.ts';
import type { Runner } from '../deploy/run.ts';
import * as apps from './apps.ts';
import * as change from './change-apps.ts';
import { cancelDeployment, listDeployments } from './deployments.ts';
import { streamEvents } from './events.ts';
import { createGroup, deleteGroup, getGroup, listGroupApps, listGroupVersions, putGroup } from './groups.ts';
import { accepts, notAcceptable, withMarathonHeaders } from './headers.ts';
import { abdicate, ping, showInfo, showLeader } from './info.ts';
import { refusePods, showPod } from './pods.ts';
import { listQueue, resetDelay } from './queue.ts';
import { killOneTask, killTasks, killTasksOfApp, listTasks, listTasksOfApp } from './tasks.ts';

/** Answers one request as Marathon does. */
export function marathonHandler(
  marathon: Marathon,
  runner: Runner,
): (request: Request) => Reply | Promise<Reply> {
  const find = router(routes(marathon, runner));
  return async (request) => {
    const match = find(request.method, request.path);
    if (match.kind !== 'found') return withMarathonHeaders(marathon, request, notFound(match.kind, request));
    const anything = request.path.endsWith('/events') || request.path === '/ping';
    const reply =
      anything || accepts(request, 'application/json')
        ? await match.handle({ ...request, params: match.params })
        : notAcceptable;
    return withMarathonHeaders(marathon, request, reply);
  };
}

function notFound(kind: 'wrong-method' | 'unknown', { path }: Request): Reply {
  if (kind === 'wrong-method') return json(405, { message: 'Method Not Allowed' });
  return json(path.startsWith('/v2') ? 500 : 404, { message: 'URI not found' });
}

function routes(marathon: Marathon, runner: Runner): readonly Route[] {
  const read = (handle: (marathon: Marathon, request: Request) => Reply) => (request: Request) =>
    handle(marathon, request);
  const write =
    (handle: (marathon: Marathon, runner: Runner, request: Request) => Reply) => (request: Request) =>
      handle(marathon, runner, request);
  return [
    ['GET', '/ping', ping],
    ['GET', '/v2/info', read(showInfo)],
    ['GET', '/v2/leader', read(showLeader)],
    ['DELETE', '/v2/leader', abdicate],
    ['GET', '/v2/events', read(streamEvents)],

    ['GET', '/v2/apps', read(apps.listApps)],
    ['POST', '/v2/apps', write(change.createApp)],
    ['PUT', '/v2/apps', write(change.updateMany)],
    ['PATCH', '/v2/apps', write(change.updateMany)],
    ['GET', '/v2/apps/{id+}/versions', read(apps.listVersions)],
    ['GET', '/v2/apps/{id+}/versions/{version}', read(apps.showVersion)],
    ['GET', '/v2/apps/{id+}/tasks', read(listTasksOfApp)],
    ['DELETE', '/v2/apps/{id+}/tasks', write(killTasksOfApp)],
    ['DELETE', '/v2/apps/{id+}/tasks/{task}', write(killOneTask)],
    ['POST', '/v2/apps/{id+}/restart', write(change.restartApp)],
    ['GET', '/v2/apps/{id+}', read(apps.showOne)],
    ['PUT', '/v2/apps/{id+}', write(change.putApp)],
    ['PATCH', '/v2/apps/{id+}', write(change.patchApp)],
    ['DELETE', '/v2/apps/{id+}', write(change.deleteApp)],

    ['GET', '/v2/tasks', read(listTasks)],
    ['POST', '/v2/tasks/delete', write(killTasks)],

    ['GET', '/v2/groups', read(getGroup)],
    ['POST', '/v2/groups', write(createGroup)],
    ['PUT', '/v2/groups', write(putGroup)],
    ['DELETE', '/v2/groups', write(deleteGroup)],
    ['GET', '/v2/groups/versions', read(listGroupVersions)],
    ['GET', '/v2/groups/{id+}/versions', read(listGroupVersions)],
    ['GET', '/v2/groups/apps', read(listGroupApps)],
    ['GET', '/v2/groups/{id+}/apps', read(listGroupApps)],
    ['GET', '/v2/groups/{id+}', read(getGroup)],
    ['POST', '/v2/groups/{id+}', write(createGroup)],
    ['PUT', '/v2/groups/{id+}', write(putGroup)],
    ['DELETE', '/v2/groups/{id+}', write(deleteGroup)],

    ['GET', '/v2/pods', () => json(200, [])],
    ['POST', '/v2/pods', refusePods],
    ['GET', '/v2/pods/{id+}', showPod],
    ['PUT', '/v2/pods/{id+}', refusePods],
    ['DELETE', '/v2/pods/{id+}', showPod],

    ['GET', '/v2/deployments', read(listDeployments)],
    ['DELETE', '/v2/deployments/{id}', write(cancelDeployment)],

    ['GET', '/v2/queue', read(listQueue)],
    [
      'DELETE',
      '/v2/queue/{id+}/delay',
      write((_marathon, _runner, request) => resetDelay(marathon, request)),
    ],
  ];
}
