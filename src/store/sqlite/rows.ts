import type { StoreContext } from './sqlite.ts';

export function time(context: StoreContext): string {
  return new Date(context.now()).toISOString();
}

/** What a JSON column holds; it was written by this program. */
export function parsed<T>(column: string | number | null | undefined): T | undefined {
  return typeof column === 'string' ? (JSON.parse(column) as T) : undefined;
}

/** A column that may be NULL, as an optional property. */
export function optional<Key extends string>(
  key: Key,
  column: string | number | null | undefined,
): { [K in Key]?: string } {
  return column === null || column === undefined ? {} : ({ [key]: String(column) } as { [K in Key]: string });
}
