import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { addresses } from '../lab/kubernetes/places.ts';
import type { Counts } from '../load/counts.ts';
import { startLoad } from '../load/start.ts';
import { type Bench, openFolder, project, until } from './harness.ts';
import { edit, loadCatalogue, openSpace, type Space } from './kubernetes.ts';

/** Its cron ticks once a minute: more often is nothing that both platforms could do. */
const echo = `application:
  app_name: echo
  test: { cpu: 0.1, mem: 64, instances: 2 }
  crons:
    - { name: echo-tick, cron: "* * * * *", command: "echo $(date +%s%3N) $(cat /etc/hostname) >> $RECEIPTS/ticks" }
`;

/** A neighbour in the cluster that calls echo by its name, all the time. */
const caller = `application:
  app_name: caller
  test: { cpu: 0.1, mem: 64, instances: 1 }
  worker: True
  uses: [echo]
`;

export interface MovingToKubernetes {
  readonly bench: Bench;
  readonly space: Space;
}

/** One app that runs on Mesos, and a namespace of a real cluster where nothing but its neighbour is yet. */
export async function openMovingToKubernetes(
  t: Pick<TestContext, 'after'>,
  edge: string,
): Promise<MovingToKubernetes> {
  const space = openSpace(t, { edge: addresses.bridge, forward_term: true });
  const bench = openFolder(join(project, 'test/fixtures/moving'));
  const { folder } = bench;
  edit(folder, readFileSync(join(folder, 'rehome.yaml'), 'utf8'), {
    'conventions.env.RECEIPTS': space.shared,
    'environments.test1.homes.k8s': space.home,
    'environments.test1.homes.local': undefined,
    'environments.test1.edge': { type: edge, listen: [addresses.bridge] },
    // Pods that start keep a small machine busy: no reason to go back.
    'moves.gate.latency_slack': '5s',
  });
  writeFileSync(join(folder, 'services/echo.yml'), echo);
  writeFileSync(join(folder, 'services/caller.yml'), caller);
  await loadCatalogue(folder, { 'anna-repo/{app}:{version}': 'images/{app}/{version}' });
  await bench.runs(0, 'lab', 'up');
  await bench.runs(0, 'deploy', 'echo:1.0.0', '-e', 'test1');
  await bench.runs(0, 'deploy', 'caller:1.0.0', '-e', 'test1.k8s');
  return { bench, space };
}

const modes = ['keep-alive', 'close'] as const;

/** Users go on sending GETs and POSTs, half of them on kept connections, half on new ones, while `work` is done. */
export async function underBothLoads(
  { bench, space }: MovingToKubernetes,
  work: () => Promise<void>,
): Promise<readonly Counts[]> {
  const { apps } = await bench.json('status', 'echo', '-e', 'test1');
  const { hostname: host, port } = new URL(apps[0].address);
  const options = { host, port: Number(port), path: '/', rate: 120, receipts: space.shared } as const;
  const loads = modes.map((mode) => startLoad({ ...options, mode, methods: ['GET', 'POST'] }));
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const counts = await Promise.all(loads.map((load) => load.stop()));
  if (outcome) throw outcome.error;
  return counts;
}

interface Noted {
  /** ms since 1970. */
  readonly at: number;
  /** `echo 1.0.0 mesos`, or why there was no answer. */
  readonly text: string;
}

/** What the neighbour was answered when it asked then, in the order of the answers. */
export function callsOf({ shared }: Space): readonly Noted[] {
  return notedIn(join(shared, 'calls'));
}

/** The neighbour hears from these homes since a moment, and from no other: `mesos`, `elsewhere`. */
export async function isAnsweredBy(space: Space, since: number, ...homes: readonly string[]): Promise<void> {
  const wanted = homes.toSorted().join();
  await until(`a pod is answered by ${wanted} as echo`, async () => {
    const late = callsOf(space).filter(({ at, text }) => at >= since && text.startsWith('echo '));
    const heard = new Set(late.map(({ text }) => text.split(' ').at(-1) ?? ''));
    return late.length >= 20 && [...heard].toSorted().join() === wanted ? true : undefined;
  });
}

/** The cron has run in this home, at a moment or after it. */
export async function hasTicked(
  { shared }: Space,
  home: 'mesos' | 'elsewhere',
  since: number,
): Promise<void> {
  // A pod is named after the cron; a task of Mesos has the name of the machine.
  const isThere = ({ at, text }: Noted) =>
    at >= since && text.startsWith('echo-tick') === (home === 'elsewhere');
  await until(`a tick in ${home}`, async () => notedIn(join(shared, 'ticks')).some(isThere) || undefined, 70);
}

/** Every minute since the first tick, as the task itself wrote it down: none is missing, none came twice. */
export function everyMinuteOnce({ shared }: Space): void {
  const ticks = notedIn(join(shared, 'ticks'));
  const minutes = ticks.map(({ at }) => Math.floor(at / 60_000)).toSorted((a, b) => a - b);
  const [first = 0] = minutes;
  assert.deepEqual(
    minutes,
    minutes.map((_, at) => first + at),
    JSON.stringify(ticks, null, 1),
  );
}

function notedIn(file: string): readonly Noted[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => ({ at: Number.parseInt(line, 10), text: line.slice(line.indexOf(' ') + 1) }));
}
