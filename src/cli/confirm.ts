import { type Failure, fail, isFailure } from '../model/failure.ts';
import type { Operations } from '../operations/operations.ts';
import type { Invocation } from './command.ts';

/**
 * Before something changes in `where`, an environment or one of its homes: undefined where it may go on.
 * A protected environment wants --yes, or the environment's name from a person at the terminal.
 */
export async function confirm(
  invocation: Invocation,
  operations: Operations,
  where: string,
  what: string,
): Promise<undefined | Failure> {
  if (invocation.flags.on('yes')) return undefined;
  const names = await operations.names();
  if (isFailure(names)) return names;
  const environment = names.protected.find((name) => where === name || where.startsWith(`${name}.`));
  if (environment === undefined) return undefined;
  if (invocation.ask && invocation.output.mode === 'text') {
    const answer = await invocation.ask(`${what}. ${environment} is protected: type its name to go on: `);
    if (answer.trim() === environment) return undefined;
  }
  return fail('needs-confirmation', `${what}: ${environment} is protected and nobody agreed`, {
    expected: '--yes, or the name of the environment at a terminal',
  });
}
