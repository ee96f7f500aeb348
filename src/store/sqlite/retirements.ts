import type { Reading, RetirementStore, Snapshot } from '../retirements.ts';
import type { Database } from './database.ts';
import { parsed } from './rows.ts';

export function retirementMethods(db: Database): RetirementStore {
  return {
    reading: async (app, environment, home) =>
      db.snapshot(() => {
        const row = db.one(
          'SELECT * FROM readings WHERE app = ? AND environment = ? AND home = ?',
          app,
          environment,
          home,
        );
        const requests = parsed<Reading['requests']>(row?.['requests']) ?? {};
        return row && { app, environment, home, at: String(row['at']), requests };
      }),
    saveReading: async ({ app, environment, home, at, requests }) =>
      db.transaction(() => {
        const values = [app, environment, home, at, JSON.stringify(requests)];
        db.run('REPLACE INTO readings VALUES (?, ?, ?, ?, ?)', ...values);
        return undefined;
      }),
    forgetReading: async (app, environment, home) =>
      db.transaction(() => {
        db.run('DELETE FROM readings WHERE app = ? AND environment = ? AND home = ?', app, environment, home);
        return undefined;
      }),
    saveSnapshot: async ({ id, app, environment, home, at, ...content }) =>
      db.transaction(() => {
        const values = [id, app, environment, home, at, JSON.stringify(content)];
        db.run('REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?)', ...values);
        return undefined;
      }),
    snapshots: async (filter) =>
      db.snapshot(() => {
        const wanted = [filter.app, filter.environment, filter.home].map((value) => value ?? null);
        return db
          .all(
            `SELECT * FROM snapshots WHERE app = coalesce(?, app) AND environment = coalesce(?, environment)
             AND home = coalesce(?, home) ORDER BY at DESC, rowid DESC`,
            ...wanted,
          )
          .map(
            ({ id, app, environment, home, at, content }): Snapshot => ({
              id: String(id),
              app: String(app),
              environment: String(environment),
              home: String(home),
              at: String(at),
              ...(parsed<Pick<Snapshot, 'objects'>>(content) ?? { objects: [] }),
            }),
          );
      }),
  };
}
