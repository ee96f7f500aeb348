import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Answer, call } from '../http/testing.ts';
import { createOrchestrator } from '../orchestrator/create-orchestrator.ts';
import type { Orchestrator } from '../orchestrator/orchestrator.ts';
import { type Bench, must, openBench, until } from '../testing.ts';
import { type RunningMarathon, startMarathon } from './marathon.ts';

/** Help for the tests of Marathon: a real one over a real orchestrator and a real agent. */
export interface MarathonBench {
  readonly bench: Bench;
  url(): string;
  orchestrator(): Orchestrator;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  app(id: string): Promise<AppInfo>;
  /** Deploys and waits until the deployment has ended. */
  deploy(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Waits until no deployment goes on. */
  settled(): Promise<void>;
  /** Ends everything but the tasks, as a kill of the daemon would, and starts it again; `meanwhile` comes between. */
  restart(meanwhile?: () => void): Promise<void>;
}

export interface AppInfo {
  readonly id: string;
  readonly version: string;
  readonly instances: number;
  readonly tasksStaged: number;
  readonly tasksRunning: number;
  readonly tasksHealthy: number;
  readonly tasksUnhealthy: number;
  readonly deployments: readonly { readonly id: string }[];
  readonly tasks: readonly TaskInfo[];
  readonly lastTaskFailure?: { readonly message: string; readonly state: string; readonly taskId: string };
  readonly [field: string]: unknown;
}

interface TaskInfo {
  readonly id: string;
  readonly state: string;
  readonly ports: readonly number[];
  readonly version: string;
  readonly healthCheckResults: readonly { readonly alive: boolean }[];
}

interface Parts {
  readonly orchestrator: Orchestrator;
  readonly marathon: RunningMarathon;
}

export async function openMarathon(context: TestContext): Promise<MarathonBench> {
  // Registered before the bench's own: the orchestrator must not see how its agent stops.
  let end = async (): Promise<void> => undefined;
  context.after(() => end());
  const bench = await openBench(context);
  const start = async (): Promise<Parts> => {
    const orchestrator = createOrchestrator({
      name: 'marathon:test',
      folder: join(bench.folder, 'orchestrator'),
      agent: bench.agent(),
      healthSurvivesRestart: true,
    });
    const marathon = must(
      await startMarathon({
        orchestrator,
        agent: bench.agent(),
        port: 0,
        cluster: 'test',
        folder: join(bench.folder, 'marathon'),
        onBug: (error) => console.error(error),
      }),
    );
    orchestrator.start();
    return { orchestrator, marathon };
  };
  let parts = await start();
  end = async () => {
    await parts.marathon.close();
    parts.orchestrator.close();
  };
  const send: MarathonBench['call'] = (method, path, body, headers) =>
    call(parts.marathon.url + path, method, body, headers);
  const settled = async (): Promise<void> => {
    await until('no deployment goes on', async () => (await send('GET', '/v2/deployments')).text === '[]');
  };
  return {
    bench,
    url: () => parts.marathon.url,
    orchestrator: () => parts.orchestrator,
    call: send,
    async app(id) {
      const answer = await send('GET', `/v2/apps${id}`);
      if (answer.status !== 200) throw new Error(answer.text);
      return (answer.json as { app: AppInfo }).app;
    },
    async deploy(method, path, body) {
      const answer = await send(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      await settled();
      return answer;
    },
    settled,
    async restart(meanwhile = () => undefined) {
      await end();
      meanwhile();
      await bench.restart();
      parts = await start();
    },
  };
}

/** A command that answers HTTP on its port: /health with 200, /bad with 500, everything else with its version. */
export function server(version: string): string {
  const answer = `require("http").createServer((q,s)=>{s.statusCode=q.url==="/bad"?500:200;s.end("${version}")})`;
  return `exec ${process.execPath} -e '${answer}.listen(process.env.PORT,"127.0.0.1")'`;
}

/** A health check as quick as Marathon allows: every 100 ms. */
export function healthCheck(path: string, more: object = {}): object {
  return {
    protocol: 'HTTP',
    path,
    portIndex: 0,
    gracePeriodSeconds: 10,
    intervalSeconds: 0,
    timeoutSeconds: 1,
    maxConsecutiveFailures: 1,
    ...more,
  };
}

/** Events of a stream, from now on, until it is closed. */
interface EventLog {
  readonly events: readonly StreamEvent[];
  /** The bytes as they came. */
  readonly raw: () => string;
  close(): void;
}

interface StreamEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

export async function listen(context: TestContext, url: string, query = ''): Promise<EventLog> {
  const stop = new AbortController();
  context.after(() => stop.abort());
  const answer = await fetch(`${url}/v2/events${query}`, {
    headers: { Accept: 'text/event-stream' },
    signal: stop.signal,
  });
  if (answer.status !== 200 || !answer.body) throw new Error(`The stream is refused: ${answer.status}.`);
  const events: StreamEvent[] = [];
  let raw = '';
  let rest = '';
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const piece of body.pipeThrough(new TextDecoderStream())) {
      raw += piece;
      const frames = (rest + piece).split('\r\n\r\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) events.push(...parseFrame(frame));
    }
  };
  read(answer.body).catch(() => undefined);
  return { events, raw: () => raw, close: () => stop.abort() };
}

function parseFrame(frame: string): readonly StreamEvent[] {
  const [, event = '', data = '{}'] = /^event: (.*)\r\ndata: (.*)$/.exec(frame.trimStart()) ?? [];
  return event ? [{ event, data: JSON.parse(data) as Record<string, unknown> }] : [];
}
