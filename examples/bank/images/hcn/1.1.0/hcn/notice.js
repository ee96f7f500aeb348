import { randomUUID } from 'node:crypto';

/** New in 1.1: a notice says by which channel it goes. */
export function notice({ text, channel = 'mail' }) {
  return { id: randomUUID(), at: new Date().toISOString(), channel, text };
}
