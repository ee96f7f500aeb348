import { type Agent, isTerminal, type Task } from '../agent/agent.ts';
import { type Handler, json, type Request } from '../http/message.ts';
import type { Route } from '../http/router.ts';
import { eventStream, whenGone } from './event-stream.ts';
import { followLogs, tailOf } from './follow-logs.ts';
import { parseBody, serviceInput } from './input.ts';
import { answered, isOn, keyed, notFound, numberOf } from './replies.ts';
import { showService } from './service-view.ts';
import type { ServiceRecord, Services } from './services.ts';

const root = '/v1/scopes/{scope}/services';

/** The part of the local API that is about services; README.md is its reference. */
export function serviceRoutes(services: Services, agent: Agent): readonly Route[] {
  const show = (record: ServiceRecord) => showService(services, agent, record);
  const found = (handle: (record: ServiceRecord, request: Request) => ReturnType<Handler>): Handler =>
    keyed((key, request) => {
      const record = services.record(key);
      return record ? handle(record, request) : notFound('service', key);
    });
  const put = keyed((key, { body }) =>
    answered(parseBody(serviceInput, body), (input) => {
      const result = services.put(key, input);
      const record = services.record(key);
      return json(result === 'created' ? 201 : 200, { result, service: record && show(record) });
    }),
  );
  const tasksOf = (key: string): readonly Task[] => {
    const tasks = agent.tasks({ owner: 'local', name: key });
    const live = tasks.filter(({ state }) => !isTerminal(state));
    return live.length > 0 ? live : tasks.slice(-1);
  };
  const logs = found(({ key }, request) => {
    const wanted = request.query.get('task');
    const all = (): readonly Task[] => agent.tasks({ owner: 'local', name: key });
    const tasks = wanted ? all().filter(({ id }) => id === wanted) : tasksOf(key);
    return logReply(request, tasks, wanted ? () => all().filter(({ id }) => id === wanted) : all);
  });
  return [
    ['GET', root, ({ params }) => json(200, { services: services.records(params['scope']).map(show) })],
    ['PUT', `${root}/{name}`, put],
    ['GET', `${root}/{name}`, found((record) => json(200, show(record)))],
    [
      'DELETE',
      `${root}/{name}`,
      keyed((key) => (services.remove(key) ? json(202, { removing: true }) : notFound('service', key))),
    ],
    [
      'POST',
      `${root}/{name}/restart`,
      keyed((key) => {
        const record = services.restart(key) ? services.record(key) : undefined;
        return record ? json(200, show(record)) : notFound('service', key);
      }),
    ],
    ['GET', `${root}/{name}/revisions`, found(({ history }) => json(200, { revisions: history }))],
    ['GET', `${root}/{name}/endpoints`, endpointsHandler(services)],
    [
      'POST',
      `${root}/{name}/drains/{drain}`,
      ({ params }) => json(200, { waited: services.hub.acknowledge(params['drain'] ?? '') }),
    ],
    ['GET', `${root}/{name}/logs`, logs],
  ];
}

/** Also of a service that does not exist (yet): then there are none, until there are. */
function endpointsHandler(services: Services): Handler {
  return keyed((key, request) => {
    if (!isOn(request, 'watch')) return json(200, { endpoints: services.endpoints(key) });
    return eventStream((send, stream) => {
      const follower = {
        endpoints: (endpoints: unknown) => send('endpoints', { endpoints }),
        ...(isOn(request, 'hold') ? { drain: (drain: unknown) => send('drain', drain) } : {}),
      };
      whenGone(stream, services.hub.follow(key, follower, services.endpoints(key)));
    });
  });
}

/** The last lines as JSON, or with `follow` as events, one a line. */
export function logReply(request: Request, now: readonly Task[], all: () => readonly Task[]) {
  const lines = tailOf(now, numberOf(request, 'tail', 100, 10_000));
  if (!isOn(request, 'follow')) return json(200, { lines });
  return eventStream((send, stream) => {
    for (const line of lines) send('line', line);
    followLogs(all, (more) => more.forEach((line) => void send('line', line)), stream.closed);
  });
}
