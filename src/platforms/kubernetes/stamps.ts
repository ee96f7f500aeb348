import { type Remarks, texts } from '../remarks.ts';

const prefix = 'rehome/';

/** Stamps of an object as annotations of it: `rehome/version`. */
export function stampAnnotations(stamps: Remarks): Remarks {
  return Object.fromEntries(Object.entries(stamps).map(([key, value]) => [prefix + key, value]));
}

export function stampsInAnnotations(annotations: unknown): Remarks {
  const own = Object.entries(texts(annotations)).filter(([key]) => isStamp(key));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

export function isStamp(annotation: string): boolean {
  return annotation.startsWith(prefix);
}
