import type { Backend } from './edge.ts';

/** Whether two are one instance at one place. */
export function sameBackend(a: Backend, b: Backend): boolean {
  return a.id === b.id && a.host === b.host && a.port === b.port;
}
