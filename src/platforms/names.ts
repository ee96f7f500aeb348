import { createHash } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * A name that fits where only lower-case letters, digits and dashes do. One that fits already stays as it is; any
 * other is made readable and gets a hash of itself, so that two names never become one.
 */
export function plainName(name: string, longest = 63): string {
  const base = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (base === name && name.length <= longest) return name;
  return `${base.slice(0, longest - 7).replace(/-$/, '')}-${hash(name)}`.replace(/^-/, '');
}

/** Six base32 characters. */
export function hash(name: string): string {
  const bytes = createHash('sha256').update(name).digest();
  return Array.from(bytes.subarray(0, 6), (byte) => alphabet[byte % 32]).join('');
}
