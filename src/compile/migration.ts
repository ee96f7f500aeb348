import type { Contribution } from '../features/feature.ts';
import type { Application } from '../manifest/schema/application.ts';
import type { Conventions } from '../manifest/workspace.ts';
import type { Job } from '../model/app.ts';
import { fillPlaceholders, type Placeholders } from '../model/placeholders.ts';
import type { Common } from './workload.ts';

interface Migration {
  readonly up: string;
  readonly down?: string;
  readonly timeoutMs: number;
}

const defaultTimeoutMs = 1_800_000;

/** The manifest's own migration; without one the conventions', where a feature of the app has data to migrate. */
export function migrationOf(
  conventions: Conventions,
  { migration: own }: Application,
  parts: readonly Contribution[],
  fill: Placeholders,
): Migration | undefined {
  if (own !== undefined) return normal(own, (command) => command);
  if (!parts.some(({ migrates }) => migrates)) return undefined;
  return normal(conventions.migration, (command) => fillPlaceholders(command, fill));
}

function normal(given: Application['migration'], fill: (command: string) => string): Migration | undefined {
  if (given === undefined || given === false) return undefined;
  const {
    up,
    down,
    timeout = defaultTimeoutMs,
  }: Commands = typeof given === 'string' ? { up: given } : given;
  return { up: fill(up), timeoutMs: timeout, ...(down === undefined ? {} : { down: fill(down) }) };
}

type Commands = Exclude<Application['migration'], undefined | false | string>;

/** `migrate`, and `unmigrate` where the migration says how to go back. */
export function jobsOf(migration: Migration | undefined, workload: Common): Job[] {
  if (!migration) return [];
  const { up, down, timeoutMs } = migration;
  const job = (purpose: 'migrate' | 'unmigrate', command: string): Job => ({
    ...workload,
    kind: 'Job',
    name: purpose,
    purpose,
    command,
    timeoutMs,
  });
  return [job('migrate', up), ...(down === undefined ? [] : [job('unmigrate', down)])];
}
