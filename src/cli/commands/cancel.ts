import type { Failure } from '../../model/failure.ts';
import { deploymentArgument } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { actOn } from '../deployments/act-on.ts';
import { follow } from '../deployments/follow.ts';

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
  return await actOn(invocation, 'cancel', (operations, id) =>
    follow(invocation, (watch, signal) => operations.cancel(id, watch, signal), { wanted: 'cancelled' }),
  );
}
