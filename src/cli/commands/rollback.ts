import { type Failure, isFailure } from '../../model/failure.ts';
import type { RollbackRequest } from '../../operations/operations.ts';
import { appArgument, lockWaitFlag, whereFlag } from '../arguments/known-flags.ts';
import type { Command, Flags, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { follow } from '../deployments/follow.ts';
import { showPlan } from '../plans/show-plan.ts';

export const command: Command = {
  name: 'rollback',
  summary: 'bring back an earlier release of an app',
  description:
    'Deploys the release before the current one, or the version given, as it was deployed then. ' +
    'The data stay as they are, unless --with-migration asks to reverse the migration too.',
  args: [appArgument],
  flags: [
    whereFlag,
    { name: 'to', value: 'VERSION', summary: 'which version; without it the release before the current one' },
    { name: 'with-migration', summary: 'reverse the migration as well, where the manifest says how' },
    lockWaitFlag,
  ],
  examples: [
    ['rehome rollback hcn -e test1', 'the release before comes back'],
    ['rehome rollback hcn -e test1 --to 0.9.0', '0.9.0 comes back'],
  ],
  exits: [4, 5, 70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const request = requestFrom(invocation.args['APP']?.[0] ?? '', invocation.flags);
  if (invocation.flags.on('dry-run')) {
    const plan = await operations.planRollback(request);
    if (isFailure(plan)) return plan;
    showPlan(plan, invocation.output);
    return 0;
  }
  const what = `roll ${request.app} back in ${request.where}`;
  const refused = await confirm(invocation, operations, request.where, what);
  return refused ?? follow(invocation, (watch, signal) => operations.rollback(request, watch, signal));
}

function requestFrom(app: string, flags: Flags): RollbackRequest {
  const to = flags.text('to');
  return {
    app,
    where: flags.text('environment') ?? '',
    withMigration: flags.on('with-migration'),
    lockWaitMs: flags.ms('lock-wait') ?? 0,
    ...(to === undefined ? {} : { to }),
  };
}
