import type { Residence, Residency } from '../../model/residence.ts';
import type { Store } from '../store.ts';
import type { Database, Row } from './database.ts';
import { parsed, time } from './rows.ts';
import type { StoreContext } from './sqlite.ts';

type Memory = Pick<
  Store,
  | 'residence'
  | 'residences'
  | 'saveResidence'
  | 'schemaRecorded'
  | 'recordSchema'
  | 'addresses'
  | 'saveAddress'
>;

/** What is remembered of apps between deployments. */
export function memoryMethods(db: Database, context: StoreContext): Memory {
  return {
    residence: async (app, environment) =>
      db.snapshot(() => {
        const homes = homesOf(db, app, environment);
        return homes && { app, environment, homes };
      }),
    residences: async () =>
      db.snapshot(() => db.all('SELECT * FROM residences ORDER BY app, environment').map(residence)),
    saveResidence: async ({ app, environment, homes }) =>
      done(db, () => saveHomes(db, app, environment, homes)),
    schemaRecorded: async (app, environment, schema) =>
      db.snapshot(() => {
        const known = 'SELECT 1 FROM schemas WHERE app = ? AND environment = ? AND schema = ?';
        return db.one(known, app, environment, schema) !== undefined;
      }),
    recordSchema: async (app, environment, schema, present) =>
      done(db, () =>
        present
          ? db.run('REPLACE INTO schemas VALUES (?, ?, ?, ?)', app, environment, schema, time(context))
          : db.run(
              'DELETE FROM schemas WHERE app = ? AND environment = ? AND schema = ?',
              app,
              environment,
              schema,
            ),
      ),
    addresses: async (environment) =>
      db.snapshot(() => {
        const rows = db.all('SELECT app, port FROM addresses WHERE environment = ?', environment);
        return Object.fromEntries(rows.map((row) => [String(row['app']), Number(row['port'])]));
      }),
    saveAddress: async (environment, app, port) =>
      done(db, () => db.run('INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)', environment, app, port)),
  };
}

/** The homes of an app, inside a transaction; undefined where none is known. */
export function homesOf(db: Database, app: string, environment: string): Residency[] | undefined {
  const row = db.one('SELECT * FROM residences WHERE app = ? AND environment = ?', app, environment);
  return row && parsed<Residency[]>(row['homes']);
}

export function saveHomes(db: Database, app: string, environment: string, homes: readonly Residency[]): void {
  db.run('REPLACE INTO residences VALUES (?, ?, ?)', app, environment, JSON.stringify(homes));
}

function residence(row: Row): Residence {
  return {
    app: String(row['app']),
    environment: String(row['environment']),
    homes: parsed<Residency[]>(row['homes']) ?? [],
  };
}

function done(db: Database, work: () => unknown) {
  return db.transaction(() => {
    work();
    return undefined;
  });
}
