import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counts } from '../load/counts.ts';
import { startLoad } from '../load/start.ts';
import { type Bench, type Json, openFolder, project, until } from './harness.ts';

/** How often the cron of the fixture is due, ms. */
const everyMs = 3_000;

/** One app with two homes in `test1`: it runs in `mesos`, and nothing is in `local` yet. */
export async function openMoving(version = '1.0.0'): Promise<Bench> {
  const bench = openFolder(join(project, 'test/fixtures/moving'));
  mkdirSync(join(bench.folder, 'receipts'));
  await bench.runs(0, 'lab', 'up');
  await bench.runs(0, 'deploy', `echo:${version}`, '-e', 'test1');
  return bench;
}

/** Users go on sending GETs and POSTs, on raw sockets without retries, while `work` is done. */
export async function underLoad(
  bench: Bench,
  mode: 'keep-alive' | 'close',
  work: () => Promise<void>,
  rate = 300,
): Promise<Counts> {
  const { apps } = await bench.json('status', 'echo', '-e', 'test1');
  const { hostname: host, port } = new URL(apps[0].address);
  const receipts = join(bench.folder, 'receipts');
  const load = startLoad({
    host,
    port: Number(port),
    path: '/',
    rate,
    mode,
    methods: ['GET', 'POST'],
    receipts,
  });
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const counts = await load.stop();
  if (outcome) throw outcome.error;
  return counts;
}

/** As `underLoad`, and the machine has time left: how soon a fault is dealt with is not what is measured. */
export function underLightLoad(bench: Bench, mode: 'keep-alive' | 'close', work: () => Promise<void>) {
  return underLoad(bench, mode, work, 100);
}

export function nothingLost(counts: Counts): void {
  const shown = JSON.stringify(counts, null, 1);
  assert.equal(counts.failed, 0, shown);
  assert.equal(counts.posts?.duplicated, 0, shown);
  assert.equal(counts.posts?.missing, 0, shown);
  assert.ok(counts.byMethod.GET.answered > 100 && counts.byMethod.POST.answered > 100, shown);
}

/** Where everything is: the home with all the traffic and the duty, and nobody holding anything. */
export async function livesIn(bench: Bench, home: string, where = ''): Promise<void> {
  const { apps } = await bench.json('status', 'echo', '-e', 'test1');
  const homes: Json[] = apps[0].homes;
  for (const one of homes) {
    const here = one.home === home;
    assert.deepEqual(
      [one.share, one.duty, one.phase],
      [here ? 100 : 0, here, 'settled'],
      `${where} ${one.home}`,
    );
    if (here) assert.deepEqual(one.instances, { wanted: 2, running: 2, healthy: 2 }, where);
  }
  assert.deepEqual((await bench.json('lock', 'status')).locks, [], where);
}

/** Every tick of the cron that was due, as the task itself wrote it down: none is missing, none came twice. */
export function everyTickOnce({ folder }: Bench): void {
  const lines = readFileSync(join(folder, 'receipts/ticks'), 'utf8').trim().split('\n');
  const slots = lines.map((line) => Math.floor(Number(line) / everyMs)).sort((a, b) => a - b);
  assert.ok(slots.length > 1, 'nothing ticked');
  const first = slots[0] ?? 0;
  assert.deepEqual(
    slots,
    slots.map((_, at) => first + at),
    lines.join('\n'),
  );
}

/** The event in which a home has so many percent. */
export function at(percent: number, home = 'local') {
  return (event: Json) => event.type === 'move' && event.move.shares[home] === percent;
}

/** The event in which it says why it waits, or what it does. */
export function because(why: RegExp) {
  return (event: Json) => event.type === 'move' && why.test(event.move.why);
}

/** Nothing loops hot: so many events a second are told at most, figures and ticks among them. */
export function notHot(told: string, mostPerSecond = 10): void {
  const times = told
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [Date.parse(JSON.parse(line).at)] : []))
    .filter(Number.isFinite);
  const seconds = (Math.max(...times) - Math.min(...times)) / 1_000;
  assert.ok(times.length <= mostPerSecond * (seconds + 5), `${times.length} events in ${seconds} s`);
}

/** Kills both instances of a home at once, by the pids under which they wrote down what they carried out. */
export async function killInstances(bench: Bench, home: 'mesos' | 'local'): Promise<void> {
  const both = async () => {
    const pids = instancesOf(bench, home);
    return pids.length === 2 ? pids : undefined;
  };
  const pids = await until(`both instances in ${home} have carried something out`, both);
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
}

function instancesOf({ folder }: Bench, home: 'mesos' | 'local'): readonly string[] {
  const names = readdirSync(join(folder, 'receipts')).filter((name) => /^\d+$/.test(name));
  return names.filter((pid) => livesAt(pid, home));
}

/** Marathon tells its tasks the name of their app; the kernel tells what a process was told. */
function livesAt(pid: string, home: 'mesos' | 'local'): boolean {
  try {
    const told = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    if (!told.some((entry) => entry.startsWith('RECEIPTS='))) return false;
    return told.some((entry) => entry.startsWith('MARATHON_APP_ID=')) === (home === 'mesos');
  } catch {
    return false;
  }
}

/** Where the edge of the workspace is, and which process it is. */
export function edgeOf({ folder }: Bench): { readonly pid: number; readonly admin: string } {
  return JSON.parse(readFileSync(join(folder, '.rehome/edge/edge.json'), 'utf8'));
}

/** Which process the lab of the workspace is. */
export function labOf({ folder }: Bench): { readonly pid: number } {
  return JSON.parse(readFileSync(join(folder, '.rehome/lab/lab.json'), 'utf8'));
}

/** Where the edge's own API has the shares, as an operator would find them past rehome. */
export function sharesUrl(bench: Bench): string {
  return `${edgeOf(bench).admin}/v1/fronts/test1/echo/shares`;
}

/** Percent by home, as the edge has them in force. */
export async function edgeShares(bench: Bench): Promise<Readonly<Record<string, number>>> {
  return (await (await fetch(sharesUrl(bench))).json()) as Record<string, number>;
}
