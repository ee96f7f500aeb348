import { join } from 'node:path';
import { type Failure, fail } from '../../model/failure.ts';
import type { Agent } from '../agent/agent.ts';
import { json, type Reply, type Request } from '../http/message.ts';
import { type Route, router } from '../http/router.ts';
import { serve } from '../http/server.ts';
import { cronRoutes, showCron } from './cron-routes.ts';
import { createCrons } from './crons.ts';
import { eventStream, whenGone } from './event-stream.ts';
import { jobRoutes, showJob } from './job-routes.ts';
import { createJobs } from './jobs.ts';
import { partsOf } from './keys.ts';
import { refusal } from './replies.ts';
import { serviceRoutes } from './service-routes.ts';
import { showInstance, time } from './service-view.ts';
import { createServices } from './services.ts';

export interface LocalApiOptions {
  readonly agent: Agent;
  /** For its own state. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** What `GET /` says beside the API's own, say the pid. */
  readonly info: () => Readonly<Record<string, unknown>>;
  /** Further routes of the same server: the control API of the daemon. */
  readonly routes?: readonly Route[];
}

export interface LocalApi {
  /** `http://127.0.0.1:20001`. */
  readonly url: string;
  readonly port: number;
  readonly problems: () => readonly string[];
  /** Nothing is started any more, while the server still answers. */
  closeServices(): Promise<void>;
  /** Writes its state down and stops listening; tasks stay. */
  close(): Promise<void>;
}

/** Starts the supervisor's own API (README.md) and what stands behind it. Failure: `no-free-port`. */
export async function startLocalApi(options: LocalApiOptions): Promise<LocalApi | Failure> {
  const { agent, folder } = options;
  const services = createServices(agent, join(folder, 'services'));
  const jobs = createJobs(agent, join(folder, 'jobs'));
  const crons = createCrons(agent, join(folder, 'crons'));
  const problems = () => [services, services.orchestrator, jobs, crons].flatMap((part) => part.problems);

  const events = ({ query }: Request): Reply =>
    eventStream((send, stream) => {
      const wanted = query.get('scope');
      const tell = (event: string, key: string, data: object): void => {
        const { scope, name } = partsOf(key);
        if (wanted === null || wanted === scope) send(event, { scope, name, ...data });
      };
      send('open', {});
      const leave = [
        services.orchestrator.on((event) => {
          const instance = 'instance' in event ? { instance: showInstance(event.instance, agent) } : {};
          const rollout = 'rollout' in event ? { rollout: event.rollout.state } : {};
          tell('service', event.key, { what: event.type, at: time(event.at), ...rollout, ...instance });
        }),
        jobs.on((job) => tell('job', job.key, { job: showJob(job, agent) })),
        crons.on((cron) => tell('cron', cron.key, { cron: showCron(cron, crons) })),
      ];
      whenGone(stream, () => {
        for (const one of leave) one();
      });
    });
  const find = router([
    ['GET', '/', () => json(200, { name: 'rehome-lab', ...options.info() })],
    ['GET', '/v1/events', events],
    ...serviceRoutes(services, agent),
    ...jobRoutes(jobs, agent),
    ...cronRoutes(crons, agent),
    ...(options.routes ?? []),
  ]);
  const handle = (request: Request): Reply | Promise<Reply> => {
    const match = find(request.method, request.path);
    if (match.kind === 'found') return match.handle({ ...request, params: match.params });
    if (match.kind === 'unknown') return refusal(404, 'not-found', `There is nothing at ${request.path}.`);
    return refusal(405, 'wrong-method', `${request.path} takes ${match.allowed.join(', ')}.`);
  };
  const refuse = (status: number, message: string): Reply => refusal(status, 'refused', message);
  const server = await serve({ host: options.host, port: options.port, handle, refuse }).catch(
    (error: Error) =>
      fail('no-free-port', `The local API cannot listen on ${options.port}: ${error.message}.`),
  );
  if ('kind' in server) return server;
  services.start();
  jobs.start();
  crons.start();
  const closeServices = async (): Promise<void> => {
    services.close();
    jobs.close();
    crons.close();
  };
  return {
    url: server.url,
    port: server.port,
    problems,
    closeServices,
    async close() {
      await server.close();
      await closeServices();
    },
  };
}
