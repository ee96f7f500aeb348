import { type Failure, isFailure } from '../../model/failure.ts';
import { deploymentArgument } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { wouldDo } from '../plans/would-do.ts';

export const command: Command = {
  name: 'approve',
  summary: 'let a deployment pass that waits for approval',
  args: [deploymentArgument],
  flags: [],
  examples: [['rehome approve d-20261123-7f3a', 'its step approve goes on']],
  mutates: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const id = invocation.args['ID']?.[0] ?? '';
  const { output } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const deployment = await operations.show(id);
  if (isFailure(deployment)) return deployment;
  const { app, version, environment } = deployment;
  const what = `approve the ${deployment.action} of ${app} ${version} in ${environment}`;
  if (invocation.flags.on('dry-run')) return wouldDo(what, { deployment: id }, output);
  const refused = await confirm(invocation, operations, environment, what);
  if (refused) return refused;
  const problem = await operations.approve(id);
  if (problem) return problem;
  output.document({ deployment: id, approved: true });
  output.data(`Approved: ${app} ${version} in ${environment}.`);
  return 0;
}
