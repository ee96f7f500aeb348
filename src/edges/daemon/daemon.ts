import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { claimBlock, type PortRange, portRanges, preferredBlock } from '../../host/ports.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { openAdmin } from './admin.ts';
import { discoveryFile, findEdge, readState, stateFile } from './discovery.ts';
import type { Follow } from './follower.ts';
import { createFronts } from './fronts.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { type FileLock, holdLock } from './lock.ts';
import type { EdgeState } from './protocol.ts';
import type { Carriers } from './site.ts';
import { writerOf } from './writer.ts';

export interface EdgeDaemonOptions {
  /** Of the workspace. */
  readonly root: string;
  /** For the edge's own state: `.rehome/edge` in the workspace. */
  readonly folder: string;
  readonly host: Host;
  readonly carriers: Carriers;
  /** Without it, instances are only what `reconcile` says. */
  readonly follow?: Follow;
  readonly limits?: Partial<Limits>;
  /** Where the block of ports is claimed. */
  readonly ports?: PortRange;
  /** Stops the edge; default: TERM and INT. */
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
}

/** How often it looks whether its workspace is still there. */
const lookMs = 2_000;
/** An edge that ends gives its requests some seconds; the next one waits so long for it. */
const handOverMs = 12_000;

/**
 * The edge of a workspace: holds the fronts of all environments until it is told to stop. What it was told is in
 * `folder`, so that the next one comes back on the same addresses with the same fronts.
 * Failures: `refused` when one runs already, `file-unusable`, `no-free-port`.
 */
export async function runEdgeDaemon(options: EdgeDaemonOptions): Promise<undefined | Failure> {
  const lock = await takeLock(options);
  if (!lock) return runsAlready(options);
  try {
    return await runLocked(options);
  } finally {
    lock.release();
  }
}

/** Undefined when an edge runs. One that is just starting or ending is waited for. */
async function takeLock({ folder, host }: EdgeDaemonOptions): Promise<FileLock | undefined> {
  const deadline = host.clock.now() + handOverMs;
  for (;;) {
    const lock = holdLock(join(folder, 'lock'));
    if (lock) return lock;
    if (host.clock.now() > deadline || findEdge(host, folder) !== undefined) return undefined;
    await host.clock.sleep(20);
  }
}

async function runLocked(options: EdgeDaemonOptions): Promise<undefined | Failure> {
  const { host, root, folder } = options;
  const saved = readState(host, folder);
  if (isFailure(saved)) return saved;
  const range = options.ports ?? portRanges.edge;
  const preferred = saved?.block.first ?? preferredBlock(range, root);
  const block = await claimBlock({ ...range, preferred });
  if (isFailure(block)) return block;
  try {
    return await serveUntilStopped(options, { first: block.first, size: block.size }, saved?.fronts ?? []);
  } finally {
    await block.release();
  }
}

async function serveUntilStopped(
  options: EdgeDaemonOptions,
  block: EdgeState['block'],
  saved: EdgeState['fronts'],
): Promise<undefined | Failure> {
  const { host, folder, follow, log = logToStderr } = options;
  const stop = options.signal ?? signalOfProcess(log);
  const state = () =>
    JSON.stringify({ version: 1, block, fronts: fronts.state() } satisfies EdgeState, null, 1);
  const write = writerOf(stateFile(folder), state);
  const save = async () => {
    const failure = unwritable(folder, await write());
    if (failure) log(failure.message);
    return failure;
  };
  const limits = { ...defaultLimits, ...options.limits };
  const fronts = createFronts(options.carriers, {
    host,
    folder,
    limits,
    clock: host.clock,
    follow,
    changed: save,
    log,
  });
  await fronts.restore(saved);
  const failure = await save();
  if (failure) return failure;
  const admin = await openAdmin(fronts, save);
  const announced =
    announce(options, admin.url, block) ??
    (await Promise.race([aborted(stop), forgotten(host, folder, stop)]));
  admin.close();
  if (!announced) rmSync(discoveryFile(folder), { force: true });
  await fronts.close();
  if (host.files.exists(folder)) await save();
  return announced;
}

function announce(
  { host, folder, log = logToStderr }: EdgeDaemonOptions,
  admin: string,
  block: EdgeState['block'],
) {
  const processStart = host.processes.startTime(process.pid);
  const startedAt = new Date(host.clock.now()).toISOString();
  const discovery = { pid: process.pid, ...(processStart ? { processStart } : {}), startedAt, admin, block };
  log(`the edge runs at ${admin}, its addresses are in ${block.first} to ${block.first + block.size - 1}`);
  return host.files.write(discoveryFile(folder), `${JSON.stringify(discovery, null, 2)}\n`);
}

function runsAlready({ host, folder }: EdgeDaemonOptions): Failure {
  const found = findEdge(host, folder);
  const pid = found && !isFailure(found) ? `, as process ${found.pid}` : '';
  return fail('refused', `The edge of this workspace runs already${pid}.`);
}

function unwritable(folder: string, error: Error | undefined): Failure | undefined {
  return error && fail('file-unusable', `${stateFile(folder)} cannot be written: ${error.message}.`);
}

/** An edge that cannot be found any more serves nobody: its workspace was removed. */
async function forgotten(host: Host, folder: string, stop: AbortSignal): Promise<undefined> {
  while (!stop.aborted && host.files.exists(discoveryFile(folder))) await host.clock.sleep(lookMs, stop);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (signal.aborted) resolve(undefined);
  else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  return promise;
}

/** The edge has the process for itself. A fault in one request is told, and every other request goes on. */
function signalOfProcess(log: (line: string) => void): AbortSignal {
  const stopping = new AbortController();
  process.on('uncaughtException', (error) => log(`fault: ${error.stack}`));
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());
  return stopping.signal;
}

function logToStderr(line: string): void {
  console.error(`${new Date().toISOString()} ${line}`);
}
