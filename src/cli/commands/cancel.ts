import { type Failure, isFailure } from '../../model/failure.ts';
import { deploymentArgument } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { follow } from '../deployments/follow.ts';
import { wouldDo } from '../plans/would-do.ts';

export const command: Command = {
  name: 'cancel',
  summary: 'stop a deployment and undo it',
  description:
    'Asks whoever carries the deployment on to stop and undo it, and waits for that. Where nobody does, ' +
    'undoes it here. Ends with 0 when the deployment is cancelled.',
  args: [deploymentArgument],
  flags: [],
  examples: [['rehome cancel d-20261123-7f3a', 'stops it and brings back what was there before']],
  exits: [4, 5, 70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const id = invocation.args['ID']?.[0] ?? '';
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const deployment = await operations.show(id);
  if (isFailure(deployment)) return deployment;
  const { app, version, environment } = deployment;
  const what = `cancel the ${deployment.action} of ${app} ${version} in ${environment}`;
  if (invocation.flags.on('dry-run')) return wouldDo(what, { deployment: id }, invocation.output);
  const refused = await confirm(invocation, operations, environment, what);
  if (refused) return refused;
  return follow(invocation, (watch, signal) => operations.cancel(id, watch, signal), { wanted: 'cancelled' });
}
