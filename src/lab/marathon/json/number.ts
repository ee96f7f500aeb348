/**
 * Marathon writes what it holds as floating point with a fraction (`1.0`), also where it is whole. This keeps a
 * number in that spelling when it is turned into JSON.
 */
export function double(value: number): unknown {
  return Number.isInteger(value) ? raw(`${value}.0`) : value;
}

/** `JSON.rawJSON`, which Node 24 has and TypeScript's library does not list yet. */
const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
