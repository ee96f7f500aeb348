import { platforms } from '../../src/platforms/index.ts';

/** Why a test cannot run where a platform was taken out of the house; false where it can. */
export function without(platform: string): string | false {
  const names: readonly string[] = platforms.map(({ name }) => name);
  return names.includes(platform) ? false : `there is no platform ${platform}`;
}
