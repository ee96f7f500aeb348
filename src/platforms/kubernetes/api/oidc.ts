import type { RequestOptions } from 'node:https';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { fail } from '../../../model/failure.ts';
import { record, text } from '../../json.ts';
import type { Source } from './identity.ts';

/**
 * Tokens of an OpenID provider. What does this costs 280 ms to load, so it is loaded for users that have it only. A
 * token is renewed in memory; the kubeconfig stays as it is.
 */
export function oidc(user: User): Source {
  let provider:
    | Promise<{ applyAuthentication(user: User, options: RequestOptions): Promise<void> }>
    | undefined;
  return async () => {
    provider ??= import('@kubernetes/client-node/dist/oidc_auth.js').then(
      ({ OpenIDConnectAuth }) => new OpenIDConnectAuth(),
    );
    const options: RequestOptions = { headers: {} };
    try {
      await (await provider).applyAuthentication(user, options);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      return fail('not-authenticated', `The OpenID provider of ${user.name} gives no new token.`, { found });
    }
    const authorization = text(record(options.headers)['Authorization']);
    if (authorization !== undefined) return { authorization };
    return fail(
      'not-authenticated',
      `The OpenID token of ${user.name} is over, and nothing to renew it is known.`,
      {
        hint: 'log in again with what made the kubeconfig',
      },
    );
  };
}
