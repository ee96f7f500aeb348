import { note } from '../model/note.ts';
import type { Rule } from './rule.ts';

export const usesNeedsEdge: Rule = {
  id: 'uses-needs-edge',
  summary:
    'An app that uses others finds their addresses: the environment has an edge, or the home has names.',
  doc: `\`uses: [account]\` sets \`ACCOUNT_URL\` to the stable address of account on the edge of the environment,
or to its name where the home has names of its own. Without either the app would start without the variable.`,
  check({ environment, built }) {
    const { uses, name } = built.app;
    if (uses.length === 0 || environment.edge !== undefined) return [];
    return [
      note(
        'uses-needs-edge',
        'error',
        `${name} uses ${uses.join(', ')}, but ${environment.name} has no edge that would give an address.`,
        {
          hint: `add edge: {type: …} to environment ${environment.name} in rehome.yaml`,
          place: built.place('uses'),
        },
      ),
    ];
  },
};
