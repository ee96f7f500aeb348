import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { AppVersion, Operations } from '../../operations/operations.ts';
import { lockWaitFlag, parallelFlag, targetsArgument, whereFlag } from '../arguments/known-flags.ts';
import { parseTargets } from '../arguments/target.ts';
import type { Command, Flags, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { type Begin, follow } from '../deployments/follow.ts';
import { followMany, oneAfterAnother } from '../deployments/follow-many.ts';
import { planExit, showPlan } from '../plans/show-plan.ts';

export const command: Command = {
  name: 'deploy',
  summary: 'deploy apps, each as one durable process',
  description:
    'Takes the lock, checks, prepares, migrates, rolls out, updates the crons, tests, watches and tells people. ' +
    'Every step is journalled: whatever interrupts it, rehome resume carries it on. ' +
    'What fails after the first change is undone, and the old version serves on.\n' +
    'Several apps are deployed one after another, or some at a time with --parallel; after one that failed no ' +
    'further is begun.',
  args: [targetsArgument],
  flags: [
    whereFlag,
    {
      name: 'strategy',
      value: 'NAME',
      summary: 'how instances are replaced; only rolling is there yet',
      choices: ['rolling', 'blue-green', 'canary'],
      default: 'rolling',
    },
    { name: 'skip', value: 'STEP', many: true, summary: 'leave a step out, say test:after' },
    { name: 'detach', summary: 'only begin; a worker in the background carries it on' },
    lockWaitFlag,
    {
      name: 'timeout',
      value: 'DURATION',
      summary: 'how long to wait for the end; a worker carries it on then',
    },
    { ...parallelFlag, default: '1' },
  ],
  examples: [
    ['rehome deploy -e test1 hcn:1.0.0', 'deploys hcn 1.0.0 to test1'],
    [
      'rehome deploy -e test1.k8s hcn:1.0.0',
      'also lives in the home k8s of test1 from now on, without traffic',
    ],
    ['rehome deploy -e prod hcn:1.0.0 --dry-run', 'shows what would change'],
    ['rehome deploy -e test1 hcn:1.0.0 account:2.1.0 --parallel 2', 'both at once'],
  ],
  exits: [4, 5, 70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output } = invocation;
  const targets = parseTargets(args['APP:VERSION'] ?? []);
  if (isFailure(targets)) return targets;
  const unsupported = strategyProblem(flags);
  if (unsupported) return unsupported;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const where = flags.text('environment') ?? '';
  if (flags.on('dry-run')) {
    const plan = await operations.plan(targets, where);
    if (isFailure(plan)) return plan;
    showPlan(plan, output);
    return planExit(plan, false);
  }
  const names = targets.map(({ app, version }) => `${app} ${version}`).join(', ');
  const refused = await confirm(invocation, operations, where, `deploy ${names} to ${where}`);
  if (refused) return refused;
  // One of several that cannot be is known before the first is begun.
  const wrong = targets.length > 1 ? await operations.validate(targets, where) : undefined;
  return wrong ?? begin(invocation, operations, targets, where);
}

function begin(
  invocation: Invocation,
  operations: Operations,
  targets: readonly AppVersion[],
  where: string,
): Promise<number | Failure> {
  const { flags } = invocation;
  const detached = flags.on('detach');
  const [only, ...more] = targets.map((target) => beginOne(operations, target, where, flags));
  if (only && more.length === 0) return follow(invocation, only, { detached });
  const begins = Object.fromEntries(
    targets.map((target) => [target.app, beginOne(operations, target, where, flags)]),
  );
  return followMany(
    invocation,
    `deploy to ${where}`,
    (watch, signal) => oneAfterAnother(begins, flags.number('parallel') ?? 1, detached, watch, signal),
    detached,
  );
}

function beginOne(operations: Operations, target: AppVersion, where: string, flags: Flags): Begin {
  const timeoutMs = flags.ms('timeout');
  const request = {
    ...target,
    where,
    skip: flags.all('skip'),
    lockWaitMs: flags.ms('lock-wait') ?? 0,
    detach: flags.on('detach'),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  return (watch, signal) => operations.deploy(request, watch, signal);
}

function strategyProblem(flags: Flags): Failure | undefined {
  const strategy = flags.text('strategy');
  if (strategy === 'rolling') return undefined;
  return fail('unsupported', `the strategy ${strategy} is not there yet`, {
    found: `--strategy ${strategy}`,
    expected: '--strategy rolling',
  });
}
