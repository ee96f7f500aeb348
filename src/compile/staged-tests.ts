import type { Application } from '../manifest/schema/application.ts';
import type { Conventions } from '../manifest/workspace.ts';
import { fillPlaceholders, type Placeholders } from '../model/placeholders.ts';

/** Tests that run before anything changes, and against the new version. */
export interface StagedTests {
  readonly before: readonly StagedTest[];
  readonly after: readonly StagedTest[];
}

type StagedTest = { readonly name: string } & (
  | { readonly http: string; readonly status: number; readonly contains?: string }
  | { readonly command: string }
  | { readonly task: string }
);

/**
 * The conventions' tests, then the manifest's own; none at all where the manifest says false. A worker has no
 * address, so the conventions' questions over HTTP are not for it.
 */
export function testsOf(
  { tests: convention }: Conventions,
  { tests: own, worker = false }: Application,
  fill: Placeholders,
): StagedTests {
  if (own === false) return { before: [], after: [] };
  const common = convention || { before: [], after: [] };
  const shared = (tests: readonly StagedTest[]): StagedTest[] =>
    tests.filter((test) => !(worker && 'http' in test)).map((test) => filled(test, fill));
  return {
    before: [...shared(common.before), ...(own?.before ?? [])],
    after: [...shared(common.after), ...(own?.after ?? [])],
  };
}

function filled(test: StagedTest, fill: Placeholders): StagedTest {
  if ('http' in test) return filledHttp(test, fill);
  if ('command' in test) return { ...test, command: fillPlaceholders(test.command, fill) };
  return { ...test, task: fillPlaceholders(test.task, fill) };
}

function filledHttp(test: Extract<StagedTest, { http: string }>, fill: Placeholders): StagedTest {
  const { http, contains } = test;
  return {
    ...test,
    http: fillPlaceholders(http, fill),
    ...(contains === undefined ? {} : { contains: fillPlaceholders(contains, fill) }),
  };
}
