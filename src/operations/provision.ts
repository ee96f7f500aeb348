import { fail } from '../model/failure.ts';
import type { DeployContext } from '../process/context.ts';
import type { Wired } from './wired.ts';

/** Has the feature that asked for a backing make sure of it. */
export function provisioner({ features, host, reveal }: Wired): DeployContext['provision'] {
  return async (backing, signal) => {
    const provision = features.find(({ name }) => name === backing.feature)?.provision;
    if (!provision) {
      return fail(
        'unknown-feature',
        `No feature \`${backing.feature}\` is here to make what the app needs.`,
        {
          found: backing.feature,
        },
      );
    }
    const look = (value: Parameters<typeof reveal>[0] | string) =>
      typeof value === 'string' ? value : reveal(value);
    return await provision(backing, { http: host.http, reveal: look, signal });
  };
}
