import type { CronInput } from './input.ts';
import type { RunState } from './task-spec.ts';

export interface Cron {
  readonly key: string;
  readonly input: CronInput;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Due times up to here are over and done with, ms since 1970: arming sets it, and every run. */
  readonly doneUntil: number;
  /** Oldest first; the last twenty. */
  readonly runs: readonly CronRun[];
  /** A failed run that is tried again. */
  readonly retry?: { readonly due: number; readonly attempt: number; readonly at: number };
}

export interface CronRun {
  readonly id: string;
  readonly taskId: string;
  /** When it was to start, ms since 1970; of a run by hand when that was asked for. */
  readonly due: number;
  /** From 1. */
  readonly attempt: number;
  readonly state: RunState | 'skipped';
  readonly message: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
}

/** Runs that are remembered, beside those in progress. */
export const keptRuns = 20;

export function withoutRetry(cron: Cron): Cron {
  const { retry: _retry, ...rest } = cron;
  return rest;
}

export function keepRecent(runs: readonly CronRun[]): readonly CronRun[] {
  const old = runs.slice(0, -keptRuns).filter(({ state }) => state === 'running');
  return [...old, ...runs.slice(-keptRuns)];
}
