import type { Command } from '../command.ts';
import { completionScript, shells } from '../completion/scripts.ts';

export const command: Command = {
  name: 'completion',
  summary: 'print the completion script of a shell',
  description:
    'Apps, environments, homes and deployments are completed too, from the workspace of the current folder.',
  args: [{ name: 'SHELL', summary: shells.join(', '), required: true, complete: shells }],
  flags: [],
  examples: [
    ['source <(rehome completion bash)', 'for this bash; put it into ~/.bashrc to keep it'],
    ['rehome completion zsh > ~/.zfunc/_rehome', 'for every zsh, where ~/.zfunc is in its fpath'],
    ['rehome completion fish > ~/.config/fish/completions/rehome.fish', 'for every fish'],
  ],
  run: async ({ args, output }) => {
    const script = completionScript(args['SHELL']?.[0] ?? '');
    if (typeof script !== 'string') return script;
    output.data(script);
    output.document({ script });
    return 0;
  },
};
