import { crons } from './crons/index.ts';
import type { Feature } from './feature.ts';
import { mongo } from './mongo.ts';
import { postgres } from './postgres.ts';
import { rmq } from './rmq/index.ts';
import { route } from './route/index.ts';

/** Every feature, in the order in which they contribute. */
export const features = [rmq, mongo, postgres, crons, route] as const satisfies readonly Feature[];
