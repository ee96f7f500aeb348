import type { Remarks } from '../remarks.ts';

/** Chronos has no labels; its description carries the stamps: `rehome app=hcn version=1.0.0`. */
export function stampDescription(stamps: Remarks): string {
  const words = Object.entries(stamps).map(([key, value]) => `${key}=${encoded(value)}`);
  return ['rehome', ...words].join(' ');
}

export function stampsInDescription(description: unknown): Remarks {
  const [first, ...words] = typeof description === 'string' ? description.split(' ') : [];
  if (first !== 'rehome') return {};
  const pairs = words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, decoded(value)]));
}

function encoded(value: string): string {
  return value.replace(/[%\s]/g, (character) => encodeURIComponent(character));
}

/** A description is open to everybody's hands: what cannot be decoded stays as it is. */
function decoded(value: string): string {
  try {
    return value.replace(/(%[0-9A-F]{2})+/g, (code) => decodeURIComponent(code));
  } catch {
    return value;
  }
}
