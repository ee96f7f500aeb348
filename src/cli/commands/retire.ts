import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { lockWaitFlag, whereFlag } from '../arguments/known-flags.ts';
import type { Command, Flags, Invocation } from '../command.ts';
import { bringBack } from '../retirements/bring-back.ts';
import { cutOut } from '../retirements/cut-out.ts';
import { leave } from '../retirements/leave.ts';

export const command: Command = {
  name: 'retire',
  summary: 'take apps out of a home that they have moved away from, for good',
  description:
    'An app leaves a home only with proof that nothing of it is needed there: it has no share and no duty, no move ' +
    'runs, no cron is armed or running, no other app points at it, and no request came for the time of --proof. ' +
    'The edge counts from the first call on, so that a later one need not wait. What is removed is kept, and ' +
    '--undo brings it back. --home cuts a home that the last app has left out of rehome.yaml, after showing what ' +
    'still refers to it.\n' +
    '--json gives {retirements: [{app, environment, home, retired, conditions: [{name, met, found, hint, metAt}], ' +
    'retireAt, snapshot, deployment}]}; with --undo {broughtBack: [{app, environment, home, snapshot, retiredAt, ' +
    'exact, why, deployment}]}; with --home {environment, home, platform, keeps, references: [{file, line, text, ' +
    'what}], leftovers, others, patch, cut}.',
  args: [{ name: 'APP', summary: 'app_name of a manifest', required: false, many: true, complete: 'app' }],
  flags: [
    { ...whereFlag, required: false, summary: 'the environment', complete: 'environment' },
    { name: 'from', value: 'HOME', summary: 'the home to leave, say mesos' },
    {
      name: 'proof',
      value: 'DURATION',
      summary: 'how long no request may have come; without it `moves: {proof}` of rehome.yaml',
    },
    { name: 'wait', summary: 'wait where only time is missing' },
    { name: 'undo', summary: 'bring back what was retired last, without share and off duty' },
    { name: 'home', value: 'ENV.HOME', summary: 'cut this emptied home out', complete: 'where' },
    { name: 'gone', summary: 'with --home: its servers are switched off, so do not look there' },
    lockWaitFlag,
  ],
  examples: [
    ['rehome retire hcn -e test1 --from mesos', 'begins the proof, or retires where it is complete'],
    ['rehome retire hcn -e test1 --from mesos --proof 30s --wait', 'waits until no request came for 30 s'],
    ['rehome retire hcn -e test1 --undo', 'hcn comes back to the home that it left last, dark'],
    ['rehome retire --home test1.mesos', 'what still refers to it; then cut out of rehome.yaml'],
  ],
  exits: [4, 5, 70],
  mutates: true,
  streams: true,
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags } = invocation;
  const apps = [...new Set(args['APP'] ?? [])];
  const wrong = mixedUp(apps, flags);
  if (wrong) return wrong;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  if (flags.text('home') !== undefined) return await cutOut(invocation, operations);
  return flags.on('undo')
    ? await bringBack(invocation, operations, apps)
    : await leave(invocation, operations, apps);
}

function mixedUp(apps: readonly string[], flags: Flags): Failure | undefined {
  const usage = (message: string, expected: string) => fail('usage', message, { expected });
  if (flags.text('home') !== undefined) {
    const more = apps.length > 0 || flags.text('from') !== undefined || flags.on('undo');
    return more ? usage('--home is for a home without apps', 'rehome retire --home ENV.HOME') : undefined;
  }
  if (apps.length === 0) return usage('no app is named', 'APP..., or --home ENV.HOME');
  if (flags.text('environment') === undefined) return usage('no environment is named', '-e ENV');
  if (flags.on('gone')) return usage('--gone belongs to --home', 'rehome retire --home ENV.HOME --gone');
  if (flags.text('from') === undefined && !flags.on('undo')) {
    return usage('the home to leave is not named', '--from HOME');
  }
  return undefined;
}
