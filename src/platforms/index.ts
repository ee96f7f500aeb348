import { kubernetes } from './kubernetes/platform.ts';
import { local } from './local/platform.ts';
import { mesos } from './mesos/platform.ts';
import type { Platform } from './platform.ts';

/** Every kind of home there is. A new one is a folder and a line here. */
export const platforms = [mesos, local, kubernetes] as const satisfies readonly Platform[];
