import { findWorkspace } from '../../manifest/open.ts';
import { isFailure } from '../../model/failure.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  name: 'edge daemon',
  summary: 'be the embedded edge',
  description: 'Deployments start it by themselves. Ends with TERM.',
  args: [],
  flags: [],
  examples: [],
  run: async ({ folder }) => {
    const root = findWorkspace(folder);
    if (isFailure(root)) return root;
    const { runEdge } = await import('../../rehome.ts');
    return (await runEdge(root)) ?? 0;
  },
};
