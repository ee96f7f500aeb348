import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type FakeClock, fakeClock } from '../../host/fake.ts';
import { type Answer, call } from '../http/testing.ts';
import { type Bench, must, openBench } from '../testing.ts';
import { type RunningChronos, startChronos } from './chronos.ts';

/** Help for the tests of Chronos: a real one over a real agent, with a clock that is moved by hand. */
export interface ChronosBench {
  readonly bench: Bench;
  readonly clock: FakeClock;
  /** `path` below /v1/scheduler, or whole when it begins with two slashes. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  job(name: string): Promise<Record<string, unknown>>;
  /** Ends Chronos and the agent, and starts both on the same folders, so much later; `meanwhile` comes between. */
  restart(afterMs?: number, meanwhile?: () => void): Promise<void>;
}

export interface ChronosBenchOptions {
  readonly lateMs?: number;
}

export async function openChronos(
  context: TestContext,
  options: ChronosBenchOptions = {},
): Promise<ChronosBench> {
  // Registered before the bench's own: Chronos must not see how its agent stops.
  let end = async (): Promise<void> => undefined;
  context.after(() => end());
  const bench = await openBench(context);
  const clock = fakeClock(Date.parse('2026-06-01T12:00:00Z'));
  const start = async (): Promise<RunningChronos> =>
    must(
      await startChronos({
        agent: bench.agent(),
        port: 0,
        cluster: 'test',
        folder: join(bench.folder, 'chronos'),
        clock,
        lateMs: options.lateMs ?? 0,
        onBug: (error) => console.error(error),
      }),
    );
  let chronos = await start();
  end = () => chronos.close();
  const send = (method: string, path: string, body?: unknown): Promise<Answer> => {
    const whole = path.startsWith('//') ? path.slice(1) : `/v1/scheduler${path}`;
    return call(`${chronos.url}${whole}`, method, body);
  };
  return {
    bench,
    clock,
    call: send,
    job: async (name) => (await send('GET', `/job/${name}`)).json as Record<string, unknown>,
    async restart(afterMs = 0, meanwhile = () => undefined) {
      await chronos.close();
      meanwhile();
      await clock.advance(afterMs);
      await bench.restart();
      chronos = await start();
    },
  };
}
