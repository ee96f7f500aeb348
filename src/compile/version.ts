import { type Failure, fail } from '../model/failure.ts';

/** What a version may look like: a tag of an image. */
const versionPattern = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}$/;

/** `unknown-version` for a version that no image can have, or undefined. */
export function checkVersion(version: string): Failure | undefined {
  if (versionPattern.test(version)) return undefined;
  return fail('unknown-version', `\`${version}\` cannot be a version.`, {
    found: version,
    expected: 'letters, digits, and _ . + - inside, such as 1.0.0',
  });
}
