import type { Application } from '../manifest/schema/application.ts';
import type { Conventions } from '../manifest/workspace.ts';
import { fillPlaceholders, type Placeholders } from '../model/placeholders.ts';

/** Tests that run before anything changes, and against the new version. */
export interface StagedTests {
  readonly before: readonly StagedTest[];
  readonly after: readonly StagedTest[];
}

export type StagedTest = { readonly name: string } & (
  | { readonly http: string; readonly status: number; readonly contains?: string }
  | { readonly command: string }
  | { readonly task: string }
);

/** The conventions' tests, then the manifest's own; none at all where the manifest says false. */
export function testsOf(
  { tests: convention }: Conventions,
  { tests: own }: Application,
  fill: Placeholders,
): StagedTests {
  if (own === false) return { before: [], after: [] };
  const common = convention || { before: [], after: [] };
  return {
    before: [...common.before.map((test) => filled(test, fill)), ...(own?.before ?? [])],
    after: [...common.after.map((test) => filled(test, fill)), ...(own?.after ?? [])],
  };
}

function filled(test: StagedTest, fill: Placeholders): StagedTest {
  if ('http' in test) return { ...test, http: fillPlaceholders(test.http, fill) };
  if ('command' in test) return { ...test, command: fillPlaceholders(test.command, fill) };
  return { ...test, task: fillPlaceholders(test.task, fill) };
}
