/*
 * Chronos reads its fields with Jackson's lenient `asText`, `asInt`…: what does not fit becomes a default, it is
 * not refused.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function asText(value: unknown, fallback: string): string {
  if (value === undefined || value === null) return fallback;
  return typeof value === 'object' ? '' : String(value);
}

export function asNumber(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = typeof value === 'object' ? 0 : Number(value);
  return Number.isFinite(number) ? number : 0;
}

export function asInteger(value: unknown, fallback: number): number {
  return Math.trunc(asNumber(value, fallback));
}

export function asFlag(value: unknown, fallback: boolean): boolean {
  if (value === undefined || value === null) return fallback;
  return value === true || value === 'true' || (typeof value === 'number' && value !== 0);
}

export function asList<T>(value: unknown, item: (value: unknown) => T): readonly T[] {
  return Array.isArray(value) ? value.map(item) : [];
}
