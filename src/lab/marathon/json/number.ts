/**
 * Marathon writes what it holds as floating point with a fraction (`1.0`), also where it is whole. This keeps a
 * number in that spelling when it is turned into JSON.
 */
export function double(value: number): unknown {
  return Number.isInteger(value) ? raw(withFraction(value)) : value;
}

/** `1.0`; numbers that JavaScript writes with an exponent (from 1e21) as Java does: `1.0E+308`. */
function withFraction(value: number): string {
  const [digits = '', exponent] = `${value}`.split('e');
  const fraction = digits.includes('.') ? digits : `${digits}.0`;
  return exponent === undefined ? fraction : `${fraction}E${exponent}`;
}

/** `JSON.rawJSON`, which Node 24 has and TypeScript's library does not list yet. */
const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
