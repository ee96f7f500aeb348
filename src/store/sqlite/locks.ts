import { type Failure, fail } from '../../model/failure.ts';
import type { Lock, Owner, Store } from '../store.ts';
import type { Database, Row } from './database.ts';
import { parsed, time } from './rows.ts';
import type { StoreContext } from './sqlite.ts';

type Locks = Pick<Store, 'locks' | 'releaseLock'>;

export function lockMethods(db: Database, context: StoreContext): Locks {
  return {
    locks: async () =>
      db.snapshot(() => db.all('SELECT * FROM locks ORDER BY since').map((row) => lock(db, context, row))),
    releaseLock: async (app, environment) => db.transaction(() => release(db, context, app, environment)),
  };
}

/** The answer to whoever wants a lock that is taken: who has it, since when, and what one can do. */
export function heldBy(db: Database, context: StoreContext, row: Row): Failure {
  const held = lock(db, context, row);
  const failure = `${held.app} in ${held.environment} is locked by ${held.holder} since ${held.since}`;
  const { app, environment, deployment: id } = held;
  if (db.one('SELECT 1 FROM moves WHERE id = ?', id)) return heldByMove(held, failure);
  if (db.one('SELECT status FROM deployments WHERE id = ?', id)?.['status'] !== 'running') {
    return fail('lock-held', `${failure}: a deployment that could not be undone needs an operator.`, {
      found: `deployment ${id}`,
      hint: `rehome show ${id} tells what is to be mended; then rehome lock release ${app} -e ${environment}`,
    });
  }
  if (held.alive === false) {
    return fail('lock-held', `${failure}, and nobody carries that deployment on.`, {
      found: `deployment ${held.deployment}`,
      hint: `rehome resume ${held.deployment} finishes it, rehome cancel ${held.deployment} undoes it`,
    });
  }
  return fail('lock-held', `${failure}.`, {
    found: `deployment ${held.deployment}`,
    hint: `--lock-wait 5m waits for it; rehome show ${held.deployment} tells how far it is`,
  });
}

/** It has it for a moment only; deployments wait for that by themselves. */
function heldByMove({ app, environment, deployment: id, alive }: Lock, failure: string): Failure {
  const details = {
    found: `move ${id}`,
    hint: `rehome move status ${app} -e ${environment}; rehome worker carries on what nobody does`,
  };
  if (alive === false) return fail('lock-held', `${failure}, and nobody carries that move on.`, details);
  return fail('held-by-move', `${failure}: the move is changing who is on duty.`, details);
}

function lock(db: Database, context: StoreContext, row: Row): Lock {
  const deployment = String(row['deployment']);
  const ownerOf = 'SELECT owner FROM deployments WHERE id = ? UNION ALL SELECT owner FROM moves WHERE id = ?';
  const owner = parsed<Owner>(db.one(ownerOf, deployment, deployment)?.['owner']);
  const alive = owner ? context.alive(owner) : false;
  return {
    app: String(row['app']),
    environment: String(row['environment']),
    deployment,
    holder: String(row['holder']),
    since: String(row['since']),
    ...(alive === undefined ? {} : { alive }),
  };
}

/** Breaks a lock. The token moves on, so that an owner that is still alive is fenced at its next write. */
function release(db: Database, context: StoreContext, app: string, environment: string): boolean {
  const row = db.one('SELECT deployment FROM locks WHERE app = ? AND environment = ?', app, environment);
  if (!row) return false;
  db.run('DELETE FROM locks WHERE app = ? AND environment = ?', app, environment);
  const failure = fail('step-failed', 'An operator released the lock before the deployment was over.');
  db.run(
    `UPDATE deployments SET status = 'failed', finished_at = ?, owner = NULL, token = token + 1,
       failure = coalesce(failure, ?) WHERE id = ? AND status = 'running'`,
    time(context),
    JSON.stringify(failure),
    String(row['deployment']),
  );
  return true;
}
