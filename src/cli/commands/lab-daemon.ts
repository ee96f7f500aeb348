import { runDaemon } from '../../lab/daemon.ts';
import { findWorkspace } from '../../manifest/open.ts';
import { isFailure } from '../../model/failure.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  name: 'lab daemon',
  summary: 'be the lab',
  description: 'rehome lab up starts it. Ends with TERM; tasks stay and are adopted by the next one.',
  args: [],
  flags: [],
  examples: [],
  run: async ({ folder, version }) => {
    const root = findWorkspace(folder);
    if (isFailure(root)) return root;
    return (await runDaemon({ root, version })) ?? 0;
  },
};
