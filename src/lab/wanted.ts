import type { Catalogue } from '../host/images.ts';
import { isFailure } from '../model/failure.ts';
import { readState, writeState } from './state-file.ts';

/** What a lab shall be; kept, so that it is the same again after a restart. */
export interface WantedLab {
  readonly images: Catalogue;
  readonly clusters: readonly string[];
  /** First port of the lab's block. */
  readonly firstPort?: number;
  /** Ports by what listens there: `api`, `test1.marathon`. */
  readonly ports: Readonly<Record<string, number>>;
}

export interface WantedBook {
  get(): WantedLab;
  /** On disk when it returns. */
  change(patch: Partial<WantedLab>): void;
  /** What is wrong with the file, as sentences. */
  readonly problems: readonly string[];
}

/** A damaged file counts as none: the next `lab up` says all of it again. */
export function openWanted(path: string): WantedBook {
  const read = readState(path);
  const problems = isFailure(read) ? [read.message] : [];
  let wanted: WantedLab = { images: {}, clusters: [], ports: {} };
  if (read && !isFailure(read)) wanted = { ...wanted, ...(read as WantedLab) };
  return {
    problems,
    get: () => wanted,
    change(patch) {
      wanted = { ...wanted, ...patch };
      const failure = writeState(path, wanted);
      if (failure) problems.push(failure.message);
    },
  };
}
