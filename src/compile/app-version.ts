import { type Failure, fail } from '../model/failure.ts';

export interface AppVersion {
  readonly app: string;
  readonly version: string;
}

/** What a version may look like: a tag of an image. */
const versionPattern = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}$/;

/** Reads `hcn:1.0.0`. `usage` for anything else, `unknown-version` for a version that no image can have. */
export function parseAppVersion(text: string): AppVersion | Failure {
  const colon = text.indexOf(':');
  if (colon < 1) {
    return fail('usage', `\`${text}\` does not say which version of which app.`, {
      found: text,
      expected: 'APP:VERSION, such as hcn:1.0.0',
    });
  }
  const [app, version] = [text.slice(0, colon), text.slice(colon + 1)];
  return checkVersion(version) ?? { app, version };
}

/** The failure of a version that no image can have, or undefined. */
export function checkVersion(version: string): Failure | undefined {
  if (versionPattern.test(version)) return undefined;
  return fail('unknown-version', `\`${version}\` cannot be a version.`, {
    found: version,
    expected: 'letters, digits, and _ . + - inside, such as 1.0.0',
  });
}
