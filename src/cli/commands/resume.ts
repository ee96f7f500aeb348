import type { Failure } from '../../model/failure.ts';
import { deploymentArgument } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { actOn } from '../deployments/act-on.ts';
import { follow } from '../deployments/follow.ts';

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
  return await actOn(invocation, 'carry on', (operations, id) =>
    follow(invocation, (watch, signal) => operations.resume(id, watch, signal)),
  );
}
