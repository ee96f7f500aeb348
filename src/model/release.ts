import { createHash } from 'node:crypto';
import type { App } from './app.ts';

/** What is deployed: written into native labels, so that the platform itself remembers. */
export interface Release {
  readonly app: string;
  readonly version: string;
  /** Id of the deployment that wrote it. */
  readonly deployment: string;
  /** Hash of the model, see `fingerprint`. */
  readonly fingerprint: string;
  readonly schema?: string;
}

/** 12 hex digits that change whenever anything in the model changes. Keys are sorted first. */
export function fingerprint(app: App): string {
  return createHash('sha256').update(JSON.stringify(app, sorted)).digest('hex').slice(0, 12);
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
