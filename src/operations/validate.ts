import { type Failure, isFailure, together } from '../model/failure.ts';
import { forbiddenBy } from './begin.ts';
import type { AppVersion } from './operations.ts';
import { prepare } from './prepare.ts';
import type { Wired } from './wired.ts';

/** What is wrong with any of several deployments, so that none is begun beside one that cannot be. */
export async function validate(
  wired: Wired,
  targets: readonly AppVersion[],
  where: string,
): Promise<undefined | Failure> {
  const failures: Failure[] = [];
  for (const target of targets) {
    const prepared = await prepare(wired, target, where, { look: false });
    const failure = isFailure(prepared) ? prepared : forbiddenBy(prepared);
    if (!failure) continue;
    const { more = [], ...first } = failure;
    failures.push(first, ...more);
  }
  return together(failures);
}
