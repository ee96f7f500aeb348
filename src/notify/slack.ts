import { z } from 'zod';
import type { Message, Notifier } from './notifier.ts';
import { post } from './post.ts';
import { key } from './webhook.ts';

const settings = z.strictObject({
  url: z.url().describe('Address of an incoming webhook.'),
});

const marks: Readonly<Record<Message['event'], string>> = {
  done: ':white_check_mark:',
  recovered: ':white_check_mark:',
  failed: ':x:',
  'rolled-back': ':leftwards_arrow_with_hook:',
  cancelled: ':no_entry_sign:',
  'needs-operator': ':rotating_light:',
};

/** Slack's incoming webhook format: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Notifier<z.infer<typeof settings>> = {
  name: 'slack',
  settings,
  async send(message, { url }, context) {
    const text = `${marks[message.event]} ${escaped(message.text)}`;
    return await post(url, { text }, key(message), context);
  },
};

/** The three characters that Slack gives a meaning to. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
