import { z } from 'zod';
import type { Message, Notifier } from './notifier.ts';
import { post } from './post.ts';

const settings = z.strictObject({
  url: z.url().describe('Gets a POST with {event, text, deployment}.'),
});

/** The whole story as JSON, for whatever listens. */
export const webhook: Notifier<z.infer<typeof settings>> = {
  name: 'webhook',
  settings,
  async send(message, { url }, context) {
    return await post(url, message, key(message), context);
  },
};

/** Lets a receiver recognise a message that a resumed deployment sends again. */
export function key({ event, deployment }: Message): string {
  return `${deployment.deployment}-${event}`;
}
