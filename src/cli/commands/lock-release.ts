import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Lock } from '../../store/store.ts';
import { appArgument, whereFlag } from '../arguments/known-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { wouldDo } from '../plans/would-do.ts';

export const command: Command = {
  name: 'lock release',
  summary: 'take a lock away from a holder that is gone',
  description:
    'The deployment that held it can change nothing from then on. rehome resume or rehome cancel give a lock ' +
    'back the proper way; this is for when neither can.',
  args: [appArgument],
  flags: [
    { ...whereFlag, summary: 'the environment', complete: 'environment' },
    { name: 'force', summary: 'also when its holder is alive' },
  ],
  examples: [['rehome lock release hcn -e test1', 'the next deployment of hcn to test1 can begin']],
  exits: [5],
  mutates: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output } = invocation;
  const [app, environment] = [args['APP']?.[0] ?? '', flags.text('environment') ?? ''];
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const locks = await operations.locks();
  if (isFailure(locks)) return locks;
  const lock = locks.find((each) => each.app === app && each.environment === environment);
  if (lock?.alive && !flags.on('force')) return stillAlive(lock);
  const what = `release the lock of ${app} in ${environment}`;
  if (flags.on('dry-run')) return wouldDo(lock ? what : 'release no lock: none is held', {}, output);
  const refused = await confirm(invocation, operations, environment, what);
  if (refused) return refused;
  const released = await operations.releaseLock(app, environment);
  if (isFailure(released)) return released;
  output.document({ app, environment, released });
  output.data(
    released
      ? `The lock of ${app} in ${environment} is free.`
      : `Nobody holds the lock of ${app} in ${environment}.`,
  );
  return 0;
}

function stillAlive(lock: Lock): Failure {
  return fail('lock-held', `deployment ${lock.deployment} of ${lock.app} is at work in ${lock.environment}`, {
    found: `${lock.holder}, since ${lock.since}`,
    hint: `rehome cancel ${lock.deployment} stops it; --force takes the lock away all the same`,
  });
}
