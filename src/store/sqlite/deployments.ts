import type { SQLInputValue } from 'node:sqlite';
import type { Deployment, DeploymentStatus, Models, StepRecord, StepStatus } from '../../model/deployment.ts';
import type { Failure } from '../../model/failure.ts';
import type { Begun, DeploymentFilter, Owner, Store } from '../store.ts';
import type { Database, Row } from './database.ts';
import { noSuchDeployment } from './journal.ts';
import { optional, parsed } from './rows.ts';
import type { StoreContext } from './sqlite.ts';

type Deployments = Pick<Store, 'deployment' | 'deployments' | 'begun'>;

/** The reading side of deployments. */
export function deploymentMethods(db: Database, context: StoreContext): Deployments {
  return {
    deployment: async (id) =>
      db.snapshot(() => {
        const row = db.one('SELECT * FROM deployments WHERE id = ?', id);
        return row && deployment(db, context, row);
      }),
    deployments: async (filter) =>
      db.snapshot(() => select(db, filter).map((row) => deployment(db, context, row))),
    begun: async (id) =>
      db.snapshot(() => {
        const row = db.one('SELECT * FROM deployments WHERE id = ?', id);
        return row ? begun(db, row) : noSuchDeployment(id);
      }),
  };
}

function select(db: Database, filter: DeploymentFilter): Row[] {
  const wanted = Object.entries({
    app: filter.app,
    environment: filter.environment,
    status: filter.status,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const shipped = filter.shipped ? [`action <> 'retire'`] : [];
  const where = [...wanted.map(([column]) => `${column} = ?`), ...shipped].join(' AND ') || '1';
  const values: SQLInputValue[] = [...wanted.map(([, value]) => value), filter.limit ?? -1];
  return db.all(`SELECT * FROM deployments WHERE ${where} ORDER BY sequence DESC LIMIT ?`, ...values);
}

function deployment(db: Database, context: StoreContext, row: Row): Deployment {
  const owner = parsed<Owner>(row['owner']);
  const failure = parsed<Failure>(row['failure']);
  return {
    deployment: String(row['id']),
    action: row['action'] as Deployment['action'],
    app: String(row['app']),
    version: String(row['version']),
    environment: String(row['environment']),
    homes: Object.keys(parsed<Models>(row['models']) ?? {}),
    status: row['status'] as DeploymentStatus,
    startedAt: String(row['started_at']),
    ...optional('finishedAt', row['finished_at']),
    holder: String(row['holder']),
    attended: owner !== undefined && context.alive(owner) !== false,
    steps: steps(db, String(row['id'])),
    ...(failure ? { failure } : {}),
  };
}

function begun(db: Database, row: Row): Begun {
  const id = String(row['id']);
  const failure = parsed<Failure>(row['failure']);
  return {
    id,
    action: row['action'] as Deployment['action'],
    app: String(row['app']),
    version: String(row['version']),
    ...optional('schema', row['schema']),
    environment: String(row['environment']),
    models: parsed<Models>(row['models']) ?? {},
    options: parsed<Record<string, unknown>>(row['options']) ?? {},
    holder: String(row['holder']),
    steps: steps(db, id),
    outputs: outputs(db, id),
    ...(failure ? { failure } : {}),
  };
}

function steps(db: Database, id: string): StepRecord[] {
  return db.all('SELECT * FROM steps WHERE deployment = ? ORDER BY position', id).map((row) => ({
    name: String(row['name']),
    status: row['status'] as StepStatus,
    ...optional('startedAt', row['started_at']),
    ...optional('finishedAt', row['finished_at']),
    attempts: Number(row['attempts']),
    ...optional('message', row['message']),
    ...(row['log'] === null ? {} : { log: parsed<string[]>(row['log']) ?? [] }),
  }));
}

function outputs(db: Database, id: string): Record<string, unknown> {
  const rows = db.all('SELECT name, output FROM steps WHERE deployment = ? AND output IS NOT NULL', id);
  return Object.fromEntries(rows.map((row) => [String(row['name']), parsed<unknown>(row['output'])]));
}
