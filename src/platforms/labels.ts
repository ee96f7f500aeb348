import { type Remarks, texts } from './remarks.ts';

const prefix = 'rehome.';

/** Stamps as labels: `rehome.version`. */
export function stampLabels(stamps: Remarks): Remarks {
  return Object.fromEntries(Object.entries(stamps).map(([key, value]) => [prefix + key, value]));
}

export function stampsInLabels(labels: unknown): Remarks {
  const own = Object.entries(texts(labels)).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

export function isStamp(label: string): boolean {
  return label.startsWith(prefix);
}

/** Labels that somebody else has put there, and that are to stay. */
export function foreignLabels(labels: unknown, own: readonly string[] = []): Remarks {
  const others = Object.entries(texts(labels)).filter(([label]) => !isStamp(label) && !own.includes(label));
  return Object.fromEntries(others);
}
