import { join } from 'node:path';

/** The home that the bank moves to. */
export interface Target {
  /** Its name in the rehome.yaml of the demo. */
  readonly home: 'local' | 'k8s';
  /** What it is, for people: `Kubernetes`. */
  readonly words: string;
  /** Where the services of all homes keep their files, one folder for each environment. */
  readonly data: string;
  /** How many services move at once. */
  readonly wave: number;
  /** What is different when everything moves, and said so. */
  beforeAll?(say: (...text: readonly string[]) => void): void;
  /** Removes what is not in the folder of the demo. */
  close(): Promise<void>;
}

/** Plain processes of this machine: needs nothing. */
export function localTarget(folder: string): Target {
  return { home: 'local', words: 'plain processes', data: join(folder, 'data'), wave: 7, async close() {} };
}
