import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { delimiter } from 'node:path';
import { z } from 'zod';
import type { Host } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { askMaster } from './master.ts';
import { parseWorkers, type Workers } from './parse.ts';
import type { Place } from './place.ts';
import { runtimeApi } from './runtime-api.ts';

/** The HAProxy of one environment as a process: rehome's own, or one that others run. */
export interface HaproxyProcess {
  /** Whether it runs as far as can be seen. */
  alive(): boolean;
  /** Runs it with the files as they are written. Does not wait until it answers. */
  start(): Promise<undefined | Failure>;
  /** Takes over the files as they are written; connections go on. Does not wait until it has. */
  reload(): Promise<undefined | Failure>;
  /** Its processes; undefined where they cannot be seen. */
  workers(): Promise<Workers | undefined | Failure>;
  /** The worker with this pid, through the master. */
  worker(pid: number): ReturnType<typeof runtimeApi>;
  /** What it said lately that is worth showing. */
  complaints(): string;
  /** Lets requests end for so long, ms. */
  stop(atMostMs: number): Promise<void>;
}

const identity = z.object({ pid: z.int(), processStart: z.string().optional(), workers: z.array(z.int()) });
const lookMs = 10;

/** The process that rehome runs: a master and its workers, which outlive the daemon when that is killed. */
export function ownProcess(host: Host, place: Place, command: string): HaproxyProcess {
  const master = () => place.socket('master.sock');
  let saidBefore = sizeOf(place.stdout);

  const found = () => {
    const text = host.files.read(place.process);
    if (typeof text !== 'string') return undefined;
    const parsed = identity.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  };
  const remember = (pid: number, workers: readonly number[]) => {
    const processStart = host.processes.startTime(pid);
    host.files.write(place.process, JSON.stringify({ pid, processStart, workers }));
  };
  const alive = () => {
    const known = found();
    return known !== undefined && host.processes.alive(known.pid, known.processStart);
  };
  const workers = async () => {
    const text = await askMaster(host, master, 'show proc', alive);
    if (isFailure(text)) return text;
    const all = parseWorkers(text);
    const known = found();
    if (known) remember(known.pid, [...all.current, ...all.old]);
    return all;
  };
  const endOf = async (pids: readonly number[], atMostMs: number): Promise<boolean> => {
    const deadline = host.clock.now() + atMostMs;
    while (pids.some((pid) => isHaproxy(pid))) {
      if (host.clock.now() > deadline) return false;
      await host.clock.sleep(lookMs);
    }
    return true;
  };

  return {
    alive,
    workers,
    worker: (pid) => runtimeApi(master, `@!${pid} `),
    async start() {
      const program = findProgram(command);
      if (isFailure(program)) return program;
      // Without their master, workers end by themselves; until then they would share the addresses.
      const left = found()?.workers ?? [];
      if (!(await endOf(left, 1_000))) for (const pid of left) if (isHaproxy(pid)) kill(pid, 'SIGKILL');
      saidBefore = sizeOf(place.stdout);
      const pid = launch(program, place);
      if (pid === undefined) return fail('edge-not-running', `${program} cannot be started.`);
      remember(pid, []);
      return undefined;
    },
    async reload() {
      saidBefore = sizeOf(place.stdout);
      const answer = await askMaster(host, master, 'reload', alive);
      return isFailure(answer) ? answer : undefined;
    },
    complaints: () => complaintsIn(place.stdout, saidBefore),
    async stop(atMostMs) {
      const known = found();
      if (!known || !alive()) return;
      const all = [known.pid, ...known.workers];
      for (const [signal, ms] of [
        ['SIGUSR1', atMostMs],
        ['SIGTERM', 2_000],
      ] as const) {
        kill(known.pid, signal);
        if (await endOf(all, ms)) return;
      }
      for (const pid of all) if (isHaproxy(pid)) kill(pid, 'SIGKILL');
      await endOf(all, 2_000);
    },
  };
}

function launch(program: string, { folder, stdout }: Place): number | undefined {
  const log = openSync(stdout, 'a');
  // Relative: names of sockets are short, and everything it reads is in its folder.
  const args = ['-W', '-S', 'unix@master.sock,mode,600,level,admin', '-f', 'haproxy.cfg'];
  const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.once('error', () => {
    // Without a pid, that is how it is told.
  });
  child.unref();
  return child.pid;
}

/** Where the program is: Debian keeps it where only root looks. Failure: `edge-not-running`. */
export function findProgram(command: string): string | Failure {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const candidates = command.includes('/') ? [command] : folders.map((folder) => `${folder}/${command}`);
  const program = candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (program !== undefined) return program;
  return fail('edge-not-running', `HAProxy is not installed: there is no program ${command}.`, {
    hint: 'apt-get install haproxy, or `edge: {type: embedded}`, which needs none',
  });
}

function isHaproxy(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('haproxy');
  } catch {
    return false;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function complaintsIn(path: string, from: number): string {
  try {
    const lines = readFileSync(path).subarray(from).toString().split('\n');
    return lines
      .filter((line) => line.startsWith('[ALERT]') || line.startsWith('   |'))
      .slice(-10)
      .join('\n');
  } catch {
    return '';
  }
}
