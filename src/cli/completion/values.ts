import { isFailure } from '../../model/failure.ts';
import type { Names, Operations } from '../../operations/operations.ts';
import type { Command, Completion } from '../command.ts';

export interface Candidate {
  readonly word: string;
  readonly summary?: string;
}

/** Asked for only when names of the workspace are wanted; undefined where there is none. */
export type OpenForNames = () => Promise<Operations | undefined>;

/** Words that an argument or a flag's value can be, as far as they are known. */
export async function valuesOf(
  from: Completion | undefined,
  command: Command,
  open: OpenForNames,
): Promise<readonly Candidate[]> {
  if (from === undefined || from === 'folder' || from === 'command') return [];
  if (typeof from !== 'string') return from.map((word) => ({ word }));
  const operations = await open();
  if (!operations) return [];
  if (from === 'deployment') return deployments(operations, command);
  const names = await operations.names();
  return isFailure(names) ? [] : namesFor(from, names).map((word) => ({ word }));
}

function namesFor(from: 'app' | 'target' | 'environment' | 'where', names: Names): readonly string[] {
  switch (from) {
    case 'app':
      return names.apps;
    case 'target':
      return names.apps.map((app) => `${app}:`);
    case 'environment':
      return names.environments;
    case 'where':
      return [...names.environments, ...names.homes];
  }
}

/** The latest; for commands that change one, only those that are not over. */
async function deployments(operations: Operations, command: Command): Promise<readonly Candidate[]> {
  const latest = await operations.history({ limit: 20 });
  if (isFailure(latest)) return [];
  const fitting = command.mutates ? latest.filter((each) => each.status === 'running') : latest;
  return fitting.map((each) => ({
    word: each.deployment,
    summary: `${each.app} ${each.version} ${each.environment} ${each.status}`,
  }));
}
