import type { EdgeType } from './edge.ts';
import { embedded } from './embedded/embedded.ts';
import { haproxy } from './haproxy/haproxy.ts';

/** Every edge there is. A new one: a folder, and a line here. */
export const edges = [embedded, haproxy] as const satisfies readonly EdgeType<unknown>[];
