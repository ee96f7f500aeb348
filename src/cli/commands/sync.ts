import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { SyncRequest } from '../../operations/operations.ts';
import { lockWaitFlag, parallelFlag, whereFlag } from '../arguments/known-flags.ts';
import type { Command, Flags, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { followMany } from '../deployments/follow-many.ts';
import { showPlan } from '../plans/show-plan.ts';
import { marksFor } from '../progress/marks.ts';

export const command: Command = {
  name: 'sync',
  summary: 'bring one environment to the versions of another',
  description:
    'Deploys to the target every app that the source runs in another version or that the target does not have. ' +
    'Deletes nothing. One deployment per app; what fails is rolled back by itself and does not stop the others.',
  args: [],
  flags: [
    { ...whereFlag, value: 'TARGET', summary: 'what changes: an environment or one of its homes' },
    {
      name: 'template',
      short: 't',
      value: 'SOURCE',
      required: true,
      summary: 'whose versions to take: an environment or one of its homes',
      complete: 'where',
    },
    { ...parallelFlag, default: '4' },
    lockWaitFlag,
  ],
  examples: [
    ['rehome sync -e test2 -t test1', 'test2 gets the versions of test1'],
    ['rehome sync -e test1.k8s -t test1', 'fills the home k8s of test1 beside the one on duty'],
  ],
  exits: [4, 5, 70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { flags, output } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const request = requestFrom(flags);
  if (request.target === request.source) return ownSource(request);
  if (flags.on('dry-run')) {
    const plan = await operations.planSync(request);
    if (isFailure(plan)) return plan;
    showPlan(plan, output);
    return 0;
  }
  const what = `bring ${request.target} to the versions of ${request.source}`;
  const refused = await confirm(invocation, operations, request.target, what);
  if (refused) return refused;
  const title = `sync ${request.source} ${marksFor(output.unicode).arrow} ${request.target}`;
  return followMany(invocation, title, (watch, signal) => operations.sync(request, watch, signal));
}

function ownSource({ target }: SyncRequest): Failure {
  return fail('usage', `${target} is both what changes and whose versions to take`, {
    found: `-e ${target} -t ${target}`,
    expected: 'two different environments or homes',
  });
}

function requestFrom(flags: Flags): SyncRequest {
  return {
    target: flags.text('environment') ?? '',
    source: flags.text('template') ?? '',
    parallel: Math.max(1, flags.number('parallel') ?? 1),
    lockWaitMs: flags.ms('lock-wait') ?? 0,
  };
}
