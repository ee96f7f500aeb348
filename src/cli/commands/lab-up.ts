import { labUp } from '../../lab/control.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import { labWanted } from '../../operations/lab.ts';
import { dryRunFlag } from '../arguments/common-flags.ts';
import type { Command, Invocation } from '../command.ts';
import { wouldDo } from '../plans/would-do.ts';
import { showLab } from './lab-status.ts';

export const command: Command = {
  name: 'lab up',
  summary: 'start the embedded Marathon and Chronos',
  description:
    'Starts the lab of this workspace as a process of its own, with a Marathon and a Chronos for each environment ' +
    'whose home says "lab", all on 127.0.0.1. Where it runs already, it learns what is new in rehome.yaml. What ' +
    'ran before runs again, at the same addresses.',
  args: [],
  flags: [dryRunFlag],
  examples: [['rehome lab up', 'then: rehome deploy hello:1.0.0 -e test']],
  run,
};

async function run({ open, output, flags, self }: Invocation): Promise<number | Failure> {
  const operations = await open();
  if (isFailure(operations)) return operations;
  const { root, workspace } = operations;
  const wanted = labWanted(workspace);
  if (flags.on('dry-run')) {
    return wouldDo(`start a lab with ${wanted.clusters.join(', ') || 'no cluster'}`, wanted, output);
  }
  const argv = [...self.slice(1), 'lab', 'daemon', '--workspace', root];
  const info = await labUp({ root, ...wanted, argv });
  if (isFailure(info)) return info;
  return (await operations.serveAgain()) ?? (await showLab(root, output));
}
