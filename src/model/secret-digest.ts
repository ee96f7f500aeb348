import { createHash } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Four base32 characters, 20 bits, that change with a secret: enough to see that it is another one, too few to find
 * it by them or to confirm a guess.
 */
export function secretDigest(value: string): string {
  const bytes = createHash('sha256').update(`rehome secret\n${value}`).digest();
  return Array.from(bytes.subarray(0, 4), (byte) => alphabet[byte % 32]).join('');
}
