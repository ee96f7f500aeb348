import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { realRequest } from '../host/http.ts';
import type { Catalogue } from '../host/images.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';
import { lastLines, logLimit } from './agent/log-files.ts';
import { type LabInfo, labFiles, makeLabFolder, readLab } from './lab-files.ts';

export { labDown } from './control-down.ts';
export type { LabInfo } from './lab-files.ts';

export interface LabUpOptions {
  /** The workspace, absolute. */
  readonly root: string;
  readonly images: Catalogue;
  /** One per environment that wants one. Clusters that are not named any more stay. */
  readonly clusters: readonly string[];
  /** What Node is called with to be the daemon (`runDaemon`): script and arguments. */
  readonly argv: readonly string[];
  /** How long the daemon may take to answer, default 20,000 ms. */
  readonly timeoutMs?: number;
}

/**
 * Starts the lab of a workspace, detached, or finds it running, and gives it catalogue and clusters. Safe to call
 * twice at once: there is one daemon. Failure: `lab-failed` with the last lines of the daemon's log.
 */
export async function labUp(options: LabUpOptions): Promise<LabInfo | Failure> {
  const info = (await answering(options.root)) ?? (await startDetached(options));
  if (isFailure(info)) return info;
  const failure = await tell(info, 'catalogue', options.images);
  if (failure) return failure;
  for (const name of options.clusters) {
    const failed = await tell(info, `clusters/${encodeURIComponent(name)}`, {});
    if (failed) return failed;
  }
  return readLab(options.root) ?? info;
}

export type LabStatus =
  | { readonly running: false }
  | {
      readonly running: true;
      readonly info: LabInfo;
      /** Whether images are shown at /app; where not, `why` is a sentence part, and commands that name /app fail. */
      readonly mounting: { readonly works: boolean; readonly why?: string };
      /** Damaged or unwritable state, as sentences. */
      readonly problems: readonly string[];
      readonly images: Catalogue;
      /** Tasks by state, `TASK_RUNNING`. */
      readonly tasks: Readonly<Record<string, number>>;
      readonly memoryMiB: number;
    };

/** Whether the lab of a workspace runs, and how it is. Failure: `lab-failed` when its daemon lives but is silent. */
export async function labStatus(root: string): Promise<LabStatus | Failure> {
  const info = readLab(root);
  if (!info) return { running: false };
  const answer = await realRequest({ url: `${info.api}/v1/lab`, timeoutMs: 5_000 });
  if (isFailure(answer)) return fail('lab-failed', `The lab (process ${info.pid}) does not answer.`);
  return { running: true, info, ...JSON.parse(answer.body) };
}

/** The running lab of a workspace that answers; undefined where there is none. */
async function answering(root: string): Promise<LabInfo | undefined> {
  const info = readLab(root);
  if (!info) return undefined;
  const answer = await realRequest({ url: info.api, timeoutMs: 2_000, retries: 0 });
  if (isFailure(answer) || answer.status !== 200) return undefined;
  return JSON.parse(answer.body).root === root ? info : undefined;
}

async function startDetached(options: LabUpOptions): Promise<LabInfo | Failure> {
  const { root, argv, timeoutMs = 20_000 } = options;
  makeLabFolder(root);
  const { log } = labFiles(root);
  const daemon = spawnDaemon(root, log, argv);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const info = await answering(root);
    if (info) {
      // somebody else's was faster; this one must not come up later, when that one is gone
      if (info.pid !== daemon.pid) await end(daemon);
      return info;
    }
    // one that found the lock taken leaves to the other one, which is about to answer
    const ended = daemon.exitCode !== null || daemon.signalCode !== null;
    if (Date.now() > deadline || (ended && daemon.exitCode !== 0 && !readLab(root) && !heldByOther(log))) {
      const why = ended
        ? `ended with ${daemon.exitCode ?? daemon.signalCode}`
        : `is silent for ${timeoutMs} ms`;
      return fail('lab-failed', `The lab did not start: its daemon ${why}.`, {
        details: lastLines(log, 20).join('\n'),
        hint: `see ${log}`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const gone = once(daemon, 'exit');
  daemon.kill('SIGKILL');
  await gone;
}

function heldByOther(log: string): boolean {
  return lastLines(log, 5).some((line) => line.includes('is run by process'));
}

function spawnDaemon(root: string, log: string, argv: readonly string[]): ChildProcess {
  const size = fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logLimit) fs.renameSync(log, `${log}.1`);
  const output = fs.openSync(log, 'a', 0o600);
  try {
    const stdio = ['ignore', output, output] as const;
    const daemon = spawn(process.execPath, [...argv], { cwd: root, detached: true, stdio: [...stdio] });
    daemon.unref();
    return daemon;
  } finally {
    fs.closeSync(output);
  }
}

async function tell(info: LabInfo, what: string, json: unknown): Promise<Failure | undefined> {
  const answer = await realRequest({ url: `${info.api}/v1/lab/${what}`, method: 'PUT', json });
  if (isFailure(answer)) return answer;
  if (answer.status < 400) return undefined;
  return fail('lab-failed', `The lab refuses ${what}: ${answer.body}`);
}
