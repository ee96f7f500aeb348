import { type Failure, fail } from '../../model/failure.ts';
import type { Claim, DeploymentEnd, DeploymentStart, Owner, Store } from '../store.ts';
import type { Database } from './database.ts';
import { heldBy } from './locks.ts';
import { homesOf, saveHomes } from './memory.ts';
import { parsed, time } from './rows.ts';
import type { StoreContext } from './sqlite.ts';

type Journal = Pick<
  Store,
  | 'begin'
  | 'claim'
  | 'record'
  | 'turnBack'
  | 'finish'
  | 'abandon'
  | 'requestCancel'
  | 'cancelRequested'
  | 'approve'
  | 'approval'
>;

/** The writing side of deployments. Every write of an owner is fenced by the token of its claim. */
export function journalMethods(db: Database, context: StoreContext): Journal {
  return {
    begin: async (start) => db.transaction(() => begin(db, context, start)),
    claim: async (id, owner) => db.transaction(() => claim(db, context, id, owner)),
    record: async (held, step, output) =>
      fenced(db, held, () => {
        db.run(
          `UPDATE steps SET status = ?, started_at = ?, finished_at = ?, attempts = ?, message = ?, log = ?,
           output = coalesce(?, output) WHERE deployment = ? AND name = ?`,
          step.status,
          step.startedAt ?? null,
          step.finishedAt ?? null,
          step.attempts,
          step.message ?? null,
          step.log ? JSON.stringify(step.log) : null,
          output === undefined ? null : JSON.stringify(output),
          held.deployment,
          step.name,
        );
      }),
    turnBack: async (held, failure) =>
      fenced(db, held, () => {
        db.run('UPDATE deployments SET failure = ? WHERE id = ?', JSON.stringify(failure), held.deployment);
      }),
    finish: async (held, end) => fenced(db, held, () => finish(db, context, held, end)),
    abandon: async (held) =>
      fenced(db, held, () => {
        db.run('UPDATE deployments SET owner = NULL WHERE id = ?', held.deployment);
      }),
    requestCancel: async (id) => db.transaction(() => requestCancel(db, id)),
    cancelRequested: async (id) =>
      db.snapshot(() => db.one('SELECT cancel FROM deployments WHERE id = ?', id)?.['cancel'] === 1),
    approve: async (id, holder) =>
      db.transaction(() => {
        db.run('INSERT INTO approvals VALUES (?, ?, ?)', id, holder, time(context));
        return undefined;
      }),
    approval: async (id) =>
      db.snapshot(() => {
        const row = db.one('SELECT holder FROM approvals WHERE deployment = ?', id);
        return row && String(row['holder']);
      }),
  };
}

function begin(db: Database, context: StoreContext, start: DeploymentStart): Claim | Failure {
  const lock = db.one('SELECT * FROM locks WHERE app = ? AND environment = ?', start.app, start.environment);
  if (lock) return heldBy(db, context, lock);
  db.run(
    `INSERT INTO deployments (id, sequence, action, app, version, schema, environment, status, started_at, holder,
       owner, token, models, options)
     VALUES (?, (SELECT coalesce(max(sequence), 0) + 1 FROM deployments), ?, ?, ?, ?, ?, 'running', ?, ?, ?, 1, ?, ?)`,
    start.id,
    start.action,
    start.app,
    start.version,
    start.schema ?? null,
    start.environment,
    time(context),
    start.holder,
    start.owner ? JSON.stringify(start.owner) : null,
    JSON.stringify(start.models),
    JSON.stringify(start.options),
  );
  for (const [position, name] of start.steps.entries()) {
    db.run(
      `INSERT INTO steps (deployment, position, name, status) VALUES (?, ?, ?, 'pending')`,
      start.id,
      position,
      name,
    );
  }
  db.run(
    'INSERT INTO locks (app, environment, deployment, holder, since) VALUES (?, ?, ?, ?, ?)',
    start.app,
    start.environment,
    start.id,
    start.holder,
    time(context),
  );
  arrive(db, start);
  return { deployment: start.id, token: 1 };
}

/** What is known of a home is not overwritten by who began from an older look at it. */
function arrive(db: Database, { app, environment, residence = [] }: DeploymentStart): void {
  const known = homesOf(db, app, environment) ?? [];
  const further = residence.filter(({ home }) => !known.some((one) => one.home === home));
  if (further.length > 0) saveHomes(db, app, environment, [...known, ...further]);
}

function claim(db: Database, context: StoreContext, id: string, owner: Owner): Claim | Failure {
  const row = db.one('SELECT status, owner, token FROM deployments WHERE id = ?', id);
  if (!row) return noSuchDeployment(id);
  if (row['status'] !== 'running') {
    return fail('not-resumable', `Deployment ${id} is over: ${row['status']}.`, {
      hint: `rehome show ${id} tells what it did`,
    });
  }
  const before = parsed<Owner>(row['owner']);
  if (before && context.alive(before) !== false) {
    return fail(
      'already-running',
      `Process ${before.pid} on ${before.hostname} carries deployment ${id} on.`,
      {
        hint: `rehome show ${id} tells how far it is; rehome cancel ${id} stops it`,
      },
    );
  }
  const token = Number(row['token']) + 1;
  db.run('UPDATE deployments SET owner = ?, token = ? WHERE id = ?', JSON.stringify(owner), token, id);
  return { deployment: id, token };
}

function finish(db: Database, context: StoreContext, held: Claim, end: DeploymentEnd): void {
  db.run(
    'UPDATE deployments SET status = ?, finished_at = ?, owner = NULL, failure = ? WHERE id = ?',
    end.status,
    time(context),
    end.failure ? JSON.stringify(end.failure) : null,
    held.deployment,
  );
  leave(db, held, end.leaves ?? []);
  if (!end.keepLock) db.run('DELETE FROM locks WHERE deployment = ?', held.deployment);
}

function leave(db: Database, { deployment }: Claim, leaves: readonly string[]): void {
  if (leaves.length === 0) return;
  const row = db.one('SELECT app, environment FROM deployments WHERE id = ?', deployment);
  const [app, environment] = [String(row?.['app']), String(row?.['environment'])];
  const homes = homesOf(db, app, environment) ?? [];
  saveHomes(
    db,
    app,
    environment,
    homes.filter(({ home }) => !leaves.includes(home)),
  );
}

function requestCancel(db: Database, id: string): Failure | undefined {
  const row = db.one('SELECT status FROM deployments WHERE id = ?', id);
  if (!row) return noSuchDeployment(id);
  if (row['status'] !== 'running') {
    return fail('not-resumable', `Deployment ${id} is over: ${row['status']}.`);
  }
  db.run('UPDATE deployments SET cancel = 1 WHERE id = ?', id);
  return undefined;
}

/** Runs `work` if the claim is still the last one that was made. */
function fenced(db: Database, held: Claim, work: () => void): Failure | undefined {
  return db.transaction(() => {
    const row = db.one('SELECT token, status FROM deployments WHERE id = ?', held.deployment);
    if (!row) return noSuchDeployment(held.deployment);
    if (row['token'] !== held.token || row['status'] !== 'running') {
      return fail('lock-lost', `Deployment ${held.deployment} was taken over by another process.`, {
        hint: `rehome show ${held.deployment} tells who goes on`,
      });
    }
    work();
    return undefined;
  });
}

export function noSuchDeployment(id: string): Failure {
  return fail('no-such-deployment', `There is no deployment ${id}.`, {
    hint: 'rehome history lists the deployments',
  });
}
