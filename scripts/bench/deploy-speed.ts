import { spawnSync } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isFailure } from '../../src/model/failure.ts';
import { openRehome } from '../../src/rehome.ts';
import type { Figure } from './bench.ts';
import { median } from './median.ts';
import { peakMemory } from './peak-memory.ts';

const project = resolve(import.meta.dirname, '../..');
const rehome = join(project, 'bin/rehome');
const rounds = 15;

/** A deployment that changes nothing: what it takes beyond the requests that it needs; and how big the program gets. */
export async function deploySpeed(): Promise<Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  cpSync(join(project, 'test/fixtures/echo'), root, { recursive: true });
  const run = (...args: string[]) => spawnSync(rehome, args, { cwd: root, encoding: 'utf8' });
  try {
    must(run('lab', 'up'));
    must(run('deploy', 'echo:1.0.0', '-e', 'test1'));
    return [await noChange(root), await memory(root)];
  } finally {
    run('lab', 'down');
    rmSync(root, { recursive: true, force: true });
  }
}

async function noChange(root: string): Promise<Figure> {
  const over: number[] = [];
  const asked: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const requests = timeRequests();
    const begun = performance.now();
    const operations = await openRehome({ cwd: root, print: () => {}, self: [rehome] });
    if (isFailure(operations)) throw new Error(operations.message);
    const request = { app: 'echo', version: '1.0.0', where: 'test1', skip: [], lockWaitMs: 0, detach: false };
    const deployment = await operations.deploy(request, () => {}, new AbortController().signal);
    operations.close();
    const took = performance.now() - begun;
    if (isFailure(deployment) || deployment.status !== 'done') throw new Error(JSON.stringify(deployment));
    // The first round loads code.
    if (round > 0) over.push(took - requests.stop());
    if (round > 0) asked.push(requests.count());
  }
  const value = median(over);
  const details = `${median(asked)} requests; median of ${rounds}, opening the workspace included`;
  return {
    name: 'no-change deploy, beyond its requests',
    value,
    unit: 'ms',
    limit: '150 ms',
    ok: value <= 150,
    details,
  };
}

/** Adds up the time that requests take, from their start to the end of the answer. */
function timeRequests() {
  let sum = 0;
  let count = 0;
  const begun = new WeakMap<object, number>();
  const start = (message: unknown) => begun.set((message as { request: object }).request, performance.now());
  const finish = (message: unknown) => {
    const from = begun.get((message as { request: object }).request);
    if (from === undefined) return;
    sum += performance.now() - from;
    count++;
  };
  channel('http.client.request.start').subscribe(start);
  channel('http.client.response.finish').subscribe(finish);
  return {
    count: () => count,
    stop() {
      channel('http.client.request.start').unsubscribe(start);
      channel('http.client.response.finish').unsubscribe(finish);
      return sum;
    },
  };
}

/** The most memory that the command line held during a deployment, as the kernel counts it. */
async function memory(root: string): Promise<Figure> {
  const { mib } = await peakMemory(rehome, ['deploy', 'echo:1.1.0', '-e', 'test1'], root);
  const details = 'VmHWM of the process that deploys';
  return {
    name: 'memory of the command line',
    value: mib,
    unit: 'MiB',
    limit: '120 MB',
    ok: mib * 1.048576 <= 120,
    details,
  };
}

function must({ status, stderr }: { status: number | null; stderr: string }): void {
  if (status !== 0) throw new Error(stderr);
}
