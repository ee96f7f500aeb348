import { randomUUID } from 'node:crypto';

export function notice({ text }) {
  return { id: randomUUID(), at: new Date().toISOString(), text };
}
