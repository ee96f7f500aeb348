import { isFailure } from '../../model/failure.ts';
import { targetsArgument, whereFlag } from '../arguments/known-flags.ts';
import { parseTargets } from '../arguments/target.ts';
import type { Command } from '../command.ts';
import { planExit, showPlan } from '../plans/show-plan.ts';

export const command: Command = {
  name: 'plan',
  summary: 'show what a deploy would change, deletions included',
  description: 'Compares the manifest with what runs, field by field. Changes nothing.',
  args: [targetsArgument],
  flags: [whereFlag, { name: 'exit-code', summary: 'end with 3 where a deploy would change something' }],
  examples: [
    ['rehome plan hcn:1.0.0 -e test1', 'what a deploy would create, update and delete'],
    ['rehome plan hcn:1.0.0 -e prod --exit-code', 'for scripts: 0 is in order, 3 is not'],
  ],
  exits: [3],
  run: async ({ args, flags, output, open }) => {
    const targets = parseTargets(args['APP:VERSION'] ?? []);
    if (isFailure(targets)) return targets;
    const operations = await open();
    if (isFailure(operations)) return operations;
    const plan = await operations.plan(targets, flags.text('environment') ?? '');
    if (isFailure(plan)) return plan;
    showPlan(plan, output);
    return planExit(plan, flags.on('exit-code'));
  },
};
