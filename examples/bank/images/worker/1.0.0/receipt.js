import { createHash } from 'node:crypto';

export function receipt({ id, text }) {
  return { id, sha256: createHash('sha256').update(text).digest('hex') };
}
