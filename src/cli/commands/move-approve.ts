import { steering } from '../moves/steer.ts';

export const command = steering({
  what: 'approve',
  verb: 'let go on',
  summary: 'let a move that waits for a yes go to its next stage',
  description: 'For moves with --manual, or with `manual: true` in rehome.yaml: every stage waits for this.',
  examples: [['rehome move approve account -e prod', 'the next stage begins']],
});
