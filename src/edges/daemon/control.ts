import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { discoveryFile, edgeFolder, findEdge } from './discovery.ts';
import { type Discovery, type EdgeReport, parse, statusSchema } from './protocol.ts';

/** The running edge of a workspace. */
export interface EdgeStatus extends Discovery, EdgeReport {}

export interface EdgeControl {
  readonly host: Host;
  /** Of the workspace. */
  readonly root: string;
}

const startMs = 15_000;
const stopMs = 10_000;
const lookMs = 20;

/**
 * Starts the edge of a workspace as a process of its own, unless it runs.
 * @param argv the command that becomes the edge (`runEdgeDaemon`) as this very process; first an executable
 * Failures: `edge-not-running` with the end of its log when it does not come up, `file-unusable`.
 */
export async function edgeUp(
  control: EdgeControl & { argv: readonly string[] },
): Promise<EdgeStatus | Failure> {
  const { host, root, argv } = control;
  const running = await edgeStatus(control);
  if (running) return running;
  const folder = edgeFolder(root);
  const child = launch(root, folder, argv);
  const deadline = host.clock.now() + startMs;
  for (;;) {
    // Looked at before the edge is: who ended because another one was faster leaves that one to be found.
    const ended = child.ended();
    const status = await edgeStatus(control);
    if (status) {
      // Another one was faster. Left alone, ours would come up as soon as that one is taken down.
      if (isFailure(status) || status.pid !== child.pid) child.end();
      return status;
    }
    if (ended !== undefined || host.clock.now() > deadline) {
      child.end();
      return notUp(host, folder, ended);
    }
    await host.clock.sleep(lookMs);
  }
}

/** Stops the edge: requests under way get some seconds to end. Does nothing where none runs. */
export async function edgeDown({ host, root }: EdgeControl): Promise<undefined | Failure> {
  const folder = edgeFolder(root);
  const found = findEdge(host, folder);
  if (found === undefined || isFailure(found)) return found;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    sendSignal(found.pid, signal);
    const deadline = host.clock.now() + stopMs;
    while (host.clock.now() < deadline) {
      if (!host.processes.alive(found.pid, found.processStart)) return undefined;
      await host.clock.sleep(lookMs);
    }
  }
  return fail('refused', `The edge, process ${found.pid}, does not end.`, { found: discoveryFile(folder) });
}

/** The running edge with its fronts, or undefined without one. Failures: `file-unusable`, `edge-not-running`. */
export async function edgeStatus({ host, root }: EdgeControl): Promise<EdgeStatus | undefined | Failure> {
  const found = findEdge(host, edgeFolder(root));
  if (found === undefined || isFailure(found)) return found;
  const response = await host.http.request({ url: `${found.admin}/v1/status`, timeoutMs: 5_000 });
  if (isFailure(response)) {
    // It may have ended since.
    if (!host.processes.alive(found.pid, found.processStart)) return undefined;
    return fail('edge-not-running', `The edge, process ${found.pid}, does not answer.`, {
      found: response.message,
    });
  }
  const report = parse(statusSchema, JSON.parse(response.body), 'its own report');
  return isFailure(report) ? report : { ...found, ...report };
}

function launch(root: string, folder: string, argv: readonly string[]) {
  const [command = '', ...args] = argv;
  mkdirSync(folder, { recursive: true });
  const log = openSync(logFile(folder), 'a');
  const child = spawn(command, args, { cwd: root, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = signal ? `ended by ${signal}` : `exit code ${code}`;
  });
  child.unref();
  const end = () => {
    if (ended === undefined) child.kill();
  };
  return { pid: child.pid, ended: () => ended, end };
}

function notUp(host: Host, folder: string, ended: string | undefined): Failure {
  const text = host.files.read(logFile(folder));
  const details = typeof text === 'string' ? text.split('\n').slice(-20).join('\n') : '';
  const found = ended ?? `no answer within ${startMs / 1000} s`;
  const hint = `${logFile(folder)} says more`;
  return fail('edge-not-running', 'The edge did not come up.', { found, hint, details });
}

function logFile(folder: string): string {
  return join(folder, 'edge.log');
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
