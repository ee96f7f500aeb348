import { createHash } from 'node:crypto';

/** New in 1.1: when it was received. */
export function receipt({ id, text }) {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { id, sha256, receivedAt: new Date().toISOString() };
}
