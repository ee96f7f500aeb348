import type { Failure } from '../../model/failure.ts';
import { isFailure } from '../../model/failure.ts';
import type { Owner, Store } from '../store.ts';
import { openDatabase } from './database.ts';
import { deploymentMethods } from './deployments.ts';
import { journalMethods } from './journal.ts';
import { lockMethods } from './locks.ts';
import { memoryMethods } from './memory.ts';
import { moveMethods } from './moves.ts';
import { retirementMethods } from './retirements.ts';
import { upgrades } from './schema.ts';

export interface StoreContext {
  /** ms since 1970. */
  readonly now: () => number;
  /** Whether an owner's process lives; undefined when that cannot be seen from here (another machine). */
  readonly alive: (owner: Owner) => boolean | undefined;
  /** Upper limit of the file, in pages of 4 KiB; none by default. */
  readonly maxPages?: number;
}

/** A store in one SQLite file, for one machine. `store-unusable` when it cannot be opened. */
export function openSqliteStore(path: string, context: StoreContext): Store | Failure {
  const db = openDatabase(path, upgrades, context.maxPages);
  if (isFailure(db)) return db;
  return {
    ...journalMethods(db, context),
    ...deploymentMethods(db, context),
    ...lockMethods(db, context),
    ...memoryMethods(db, context),
    ...moveMethods(db, context),
    ...retirementMethods(db),
    close: () => db.close(),
  };
}
