import { type Failure, isFailure } from '../../model/failure.ts';
import { deploymentArgument } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { follow } from '../deployments/follow.ts';
import { wouldDo } from '../plans/would-do.ts';

export const command: Command = {
  name: 'resume',
  summary: 'carry an interrupted deployment on to its end',
  description:
    'Goes on at the step where it stopped, with what it was begun with: changes to the manifest since then do ' +
    'not count. A deployment that was going back goes on going back.',
  args: [deploymentArgument],
  flags: [],
  examples: [['rehome resume d-20261123-7f3a', 'goes on where it was interrupted']],
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
  const what = `carry on the ${deployment.action} of ${app} ${version} in ${environment}`;
  if (invocation.flags.on('dry-run')) return wouldDo(what, { deployment: id }, invocation.output);
  const refused = await confirm(invocation, operations, environment, what);
  return refused ?? follow(invocation, (watch, signal) => operations.resume(id, watch, signal));
}
