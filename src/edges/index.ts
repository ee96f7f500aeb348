import type { EdgeType } from './edge.ts';
import { embedded } from './embedded/embedded.ts';

/** Every edge there is. A new one: a folder, and a line here. */
export const edges = [embedded] as const satisfies readonly EdgeType<unknown>[];
