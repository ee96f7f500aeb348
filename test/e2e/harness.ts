import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { without } from '../support/platforms.ts';

export { without } from '../support/platforms.ts';

export const project = resolve(import.meta.dirname, '../..');
const rehome = join(project, 'bin/rehome');

/** How one run of the command line ended. */
export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the example bank in a folder of its own, with everything it starts stopped at the end. */
export interface Bench extends AsyncDisposable {
  readonly folder: string;
  /** Runs the command line to its end. */
  run(...args: readonly string[]): Promise<Ran>;
  /** As `run`, and asserts the exit code. */
  runs(code: number, ...args: readonly string[]): Promise<Ran>;
  /** The one document of `--json`, whatever the exit code. */
  json<T = Json>(...args: readonly string[]): Promise<T>;
  /** Starts it and leaves it running. */
  start(...args: readonly string[]): Running;
  /** Runs one of the workspace's own scripts. */
  script(name: string, ...args: readonly string[]): Promise<Ran>;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves with the first event of `--json-stream` that fits, or rejects when the program ends before. */
  event(fits: (event: Json) => boolean): Promise<Json>;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of the command line, looked into by tests
export type Json = any;

/** The bank with a lab running; environments `test1` and `test2` on Mesos, `dev` on plain processes. */
export async function openBank(): Promise<Bench> {
  const bench = openFolder(join(project, 'examples/bank'));
  const up = await bench.run('lab', 'up');
  if (up.code !== 0) {
    await bench[Symbol.asyncDispose]();
    assert.fail(`lab up: ${up.stderr}`);
  }
  return bench;
}

/** A copy of a folder, or an empty one. */
export function openFolder(source?: string): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-e2e-'));
  const keep = (path: string) => !path.includes('/.rehome') && !path.includes('/data/');
  if (source) cpSync(source, folder, { recursive: true, filter: keep });
  dropUnknownHomes(join(folder, 'rehome.yaml'));
  const running = new Set<ChildProcess>();

  const launch = (program: string, args: readonly string[]): Running => {
    const env = { ...process.env, REHOME: rehome, NO_COLOR: '1' };
    const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return follow(child);
  };
  const run = (...args: readonly string[]) => launch(rehome, args).ended;

  return {
    folder,
    run,
    start: (...args) => launch(rehome, args),
    script: (name, ...args) => launch(join(folder, name), args).ended,
    async runs(code, ...args) {
      const ran = await run(...args);
      assert.equal(ran.code, code, `rehome ${args.join(' ')}\n${ran.stdout}\n${ran.stderr}`);
      return ran;
    },
    async json(...args) {
      const ran = await run(...args, '--json');
      try {
        return JSON.parse(ran.stdout);
      } catch {
        assert.fail(`rehome ${args.join(' ')} --json gave no document: ${ran.stdout}\n${ran.stderr}`);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill('SIGKILL');
      await run('lab', 'down');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where a platform was taken out of the house, so are the homes on it, and environments that have no other. */
function dropUnknownHomes(path: string): void {
  if (!existsSync(path)) return;
  const document = parseDocument(readFileSync(path, 'utf8'));
  for (const [name, environment] of Object.entries<Json>(document.toJS().environments)) {
    const homes = Object.entries<Json>(environment.homes);
    const gone = homes.filter(([, { platform }]) => without(platform));
    for (const [home] of gone) document.deleteIn(['environments', name, 'homes', home]);
    if (gone.length === homes.length) document.deleteIn(['environments', name]);
  }
  writeFileSync(path, String(document));
}

function follow(child: ChildProcess): Running {
  let stdout = '';
  let stderr = '';
  const events: Json[] = [];
  const waiting = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const lines = stdout.split('\n').slice(0, -1);
    for (const line of lines.slice(events.length)) events.push(parsed(line));
    for (const look of waiting) look();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ran>((resolveEnded, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolveEnded({ code, signal, stdout, stderr });
      for (const look of waiting) look();
    });
  });
  const event = (fits: (event: Json) => boolean) =>
    new Promise<Json>((found, missed) => {
      const look = () => {
        const hit = events.find(fits);
        if (!hit && child.exitCode === null && child.signalCode === null) return;
        waiting.delete(look);
        if (hit) found(hit);
        else missed(new Error(`it ended without that event:\n${stdout}\n${stderr}`));
      };
      waiting.add(look);
      look();
    });
  return { child, ended, event };
}

function parsed(line: string): Json {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** Looks until it is so; fails with what was seen last after `seconds`. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) assert.fail(`after ${seconds} s still not: ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}
