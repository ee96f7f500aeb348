import { labDown } from '../../lab/control.ts';
import { findWorkspace } from '../../manifest/open.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { dryRunFlag } from '../arguments/common-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { wouldDo } from '../plans/would-do.ts';

export const command: Command = {
  name: 'lab down',
  summary: 'stop the lab and everything that runs in it',
  description:
    'Ends every task politely, then the lab and the embedded edge, and looks that all of them are gone. What ran ' +
    'runs again at the next lab up; with --forget nothing is kept.',
  args: [],
  flags: [{ name: 'forget', summary: 'remove all state and logs of the lab' }, dryRunFlag],
  examples: [['rehome lab down', 'what ran runs again at the next lab up']],
  run,
};

async function run({ folder, flags, output }: Invocation): Promise<number | Failure> {
  const root = findWorkspace(folder);
  if (isFailure(root)) return root;
  const forget = flags.on('forget');
  if (flags.on('dry-run')) return wouldDo('stop the lab and the edge', { forget }, output);
  const { stopEdge } = await import('../../rehome.ts');
  const edge = await stopEdge(root);
  const down = await labDown({ root, keepState: !forget });
  if (isFailure(down)) return down;
  if (edge) return edge;
  if (down.survivors.length > 0) {
    const found = down.survivors.map(({ pid }) => pid).join(', ');
    return fail('lab-failed', 'Some processes of the lab would not end.', {
      found,
      hint: `kill -9 ${found}`,
    });
  }
  output.document({ wasRunning: down.wasRunning, survivors: [] });
  output.data(down.wasRunning ? 'The lab is down.' : 'The lab did not run.');
  return 0;
}
