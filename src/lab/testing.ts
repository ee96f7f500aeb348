import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { isFailure } from '../model/failure.ts';
import type { Agent, TaskSpec } from './agent/agent.ts';
import { startAgent } from './agent/start-agent.ts';
import { openPorts, type PortPool } from './ports.ts';

/** Help for the lab's own tests: real agents in folders of their own, everything stopped at the end. */
export interface Bench {
  readonly root: string;
  readonly folder: string;
  readonly ports: PortPool;
  agent(): Agent;
  /** Closes the agent and starts another one on the same folder, as a new daemon would. */
  restart(): Promise<Agent>;
}

export interface BenchOptions {
  readonly images?: Readonly<Record<string, string>>;
  readonly logLimit?: number;
}

export async function openBench(context: TestContext, options: BenchOptions = {}): Promise<Bench> {
  const root = fs.mkdtempSync(join(tmpdir(), 'rehome-lab-'));
  const folder = join(root, '.rehome', 'lab');
  const ports = must(await openPorts({ root }));
  const begin = (): Agent =>
    must(startAgent({ root, folder, ports, images: options.images ?? {}, ...limitOf(options) }));
  let agent = begin();
  context.after(async () => {
    await agent.stop(0);
    await agent.close();
    await ports.close();
    removeAtEnd(root);
  });
  return {
    root,
    folder,
    ports,
    agent: () => agent,
    async restart() {
      await agent.close();
      agent = begin();
      return agent;
    },
  };
}

const left = new Set<string>();

/** At the very end of the process: what is closed after the agent may still write its state down. */
function removeAtEnd(root: string): void {
  if (left.size === 0) process.once('exit', () => left.forEach((one) => void remove(one)));
  left.add(root);
}

function remove(root: string): void {
  fs.rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}

function limitOf({ logLimit }: BenchOptions): { logLimit?: number } {
  return logLimit === undefined ? {} : { logLimit };
}

/** A task that runs `command`; all else as small as can be. */
export function taskOf(command: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    owner: 'test',
    name: 'task',
    command,
    env: {},
    ports: [],
    resources: { cpus: 0.1, memory: 32 },
    killGraceMs: 3_000,
    once: false,
    ...more,
  };
}

/** The value, or the test fails with the failure's own words. */
export function must<T>(value: T): Exclude<T, { kind: 'Failure' }> {
  if (isFailure(value)) throw new Error(`${value.code}: ${value.message}`);
  return value as Exclude<T, { kind: 'Failure' }>;
}

/** Waits until `look` gives something, at most 15 s. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A program of this repository as a process of its own, ended with the test. */
export function startScript(context: TestContext, script: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => void child.kill('SIGKILL'));
  return child;
}
