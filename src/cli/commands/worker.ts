import { type Failure, isFailure } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import { dryRunFlag } from '../arguments/common-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { wouldDo } from '../plans/would-do.ts';
import { progress } from '../progress/progress.ts';

export const command: Command = {
  name: 'worker',
  summary: 'carry on whatever is due: detached and interrupted deployments',
  description:
    'Goes on until Ctrl-C and leaves what is under way to the next worker; with --once until nothing is due.',
  args: [],
  flags: [
    { name: 'once', summary: 'end when nothing is due any more' },
    { name: 'only', value: 'ID', summary: 'only this deployment', hidden: true },
    dryRunFlag,
  ],
  examples: [
    ['rehome worker', 'carries on what others began with --detach'],
    ['rehome worker --once', 'the same, once: say from a crontab'],
  ],
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { flags, output, signal } = invocation;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const only = flags.text('only');
  if (flags.on('dry-run')) return due(operations, invocation);
  const shown = progress(output, { now: invocation.now, title: 'worker' });
  const request = { once: flags.on('once') || only !== undefined, ...(only === undefined ? {} : { only }) };
  const failure = await operations.work(request, shown.watch, signal).finally(() => shown.close());
  if (failure) return failure;
  output.document({ worked: true });
  return 0;
}

async function due(operations: Operations, { output }: Invocation): Promise<number | Failure> {
  const all = await operations.history({ limit: 1000 });
  if (isFailure(all)) return all;
  const deployments = all
    .filter((each) => each.status === 'running' && !each.attended)
    .map((each) => each.deployment);
  const what = deployments.length === 0 ? 'do nothing: nothing is due' : `carry on ${deployments.join(', ')}`;
  return wouldDo(what, { deployments }, output);
}
