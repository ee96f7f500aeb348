import { steering } from '../moves/steer.ts';

export const command = steering({
  what: 'resume',
  verb: 'carry on',
  summary: 'carry a paused or interrupted move on',
  description: 'It looks at what is there and goes on from that, in the direction in which it was going.',
  examples: [['rehome move resume account -e test1', 'goes on where it was paused or interrupted']],
});
