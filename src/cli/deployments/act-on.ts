import { type Failure, isFailure } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import type { Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { wouldDo } from '../plans/would-do.ts';

/**
 * What every command on one deployment does before it acts: finds it, says what would be done to it, or asks where
 * its environment is protected. `verb` comes before `the deploy of hcn 1.0.0 in test1`.
 */
export async function actOn(
  invocation: Invocation,
  verb: string,
  act: (operations: Operations, id: string) => Promise<number | Failure>,
): Promise<number | Failure> {
  const id = invocation.args['ID']?.[0] ?? '';
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const deployment = await operations.show(id);
  if (isFailure(deployment)) return deployment;
  const { action, app, version, environment } = deployment;
  const what = `${verb} the ${action} of ${app} ${version} in ${environment}`;
  if (invocation.flags.on('dry-run')) return wouldDo(what, { deployment: id }, invocation.output);
  return (await confirm(invocation, operations, environment, what)) ?? (await act(operations, id));
}
