import type { Workspace } from '../manifest/workspace.ts';
import type { CustomStep } from '../process/context.ts';
import { steps } from '../process/steps/index.ts';

/** Names of the steps of a workspace's process in their order, and its own steps by name. */
export interface ProcessOf {
  readonly names: readonly string[];
  readonly custom: Readonly<Record<string, CustomStep>>;
}

/** `process:` of rehome.yaml where it is given: names of built-in steps and steps of its own. */
export function processOf({ process }: Workspace): ProcessOf {
  if (!process) return { names: steps.map(({ name }) => name), custom: {} };
  const own = process.filter((entry) => typeof entry !== 'string');
  return {
    names: process.map((entry) => (typeof entry === 'string' ? entry : entry.name)),
    custom: Object.fromEntries(own.map(({ name, ...step }) => [name, step as CustomStep])),
  };
}
