import type { SQLInputValue } from 'node:sqlite';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { MoveEvent } from '../../model/move.ts';
import type { Residency } from '../../model/residence.ts';
import type { MoveClaim, MoveEnd, MoveStart, MoveStore, Steering } from '../moves.ts';
import type { Owner } from '../store.ts';
import type { Database, Row } from './database.ts';
import { heldBy } from './locks.ts';
import { homesOf, saveHomes } from './memory.ts';
import { begunMoveOf, moveOf, selectMoves } from './move-rows.ts';
import { parsed, time } from './rows.ts';
import type { StoreContext } from './sqlite.ts';

/** Moves: who carries one on writes fenced by its token; steering is anybody's. */
export function moveMethods(db: Database, context: StoreContext): MoveStore {
  return {
    beginMove: async (start) => db.transaction(() => begin(db, context, start)),
    claimMove: async (id, owner) => db.transaction(() => claim(db, context, id, owner)),
    recordMove: async (held, { phase, why, shares, nextAt, marks }, residence) =>
      fenced(db, held, (row) => {
        db.run(
          'UPDATE moves SET phase = ?, why = ?, shares = ?, next_at = ?, marks = ? WHERE id = ?',
          phase,
          why,
          JSON.stringify(shares),
          nextAt ?? null,
          JSON.stringify(marks),
          held.move,
        );
        saveResidence(db, row, residence);
      }),
    turnMove: async (held, why, failure) =>
      fenced(db, held, () => {
        const told = failure ? JSON.stringify(failure) : null;
        db.run(
          `UPDATE moves SET direction = 'back', why = ?, failure = ? WHERE id = ?`,
          why,
          told,
          held.move,
        );
      }),
    finishMove: async (held, end, residence) =>
      fenced(db, held, (row) => finish(db, context, held, { row, end, ...(residence && { residence }) })),
    abandonMove: async (held) =>
      fenced(db, held, () => {
        db.run('UPDATE moves SET owner = NULL WHERE id = ?', held.move);
      }),
    steerMove: async (id, steering) => db.transaction(() => steer(db, id, steering)),
    lockForMove: async (held) => fenced(db, held, (row) => lock(db, context, held, row)),
    unlockForMove: async (held) =>
      fenced(db, held, () => {
        db.run('DELETE FROM locks WHERE deployment = ?', held.move);
      }),
    move: async (id) =>
      db.snapshot(() => {
        const row = find(db, id);
        return row && moveOf(context, row);
      }),
    moves: async (filter) => db.snapshot(() => selectMoves(db, filter).map((row) => moveOf(context, row))),
    begunMove: async (id) =>
      db.snapshot(() => {
        const row = find(db, id);
        return row ? begunMoveOf(context, row) : noSuchMove(id);
      }),
    recordMoveEvent: async (id, event) =>
      db.transaction(() => {
        db.run('INSERT INTO move_events (move, event) VALUES (?, ?)', id, JSON.stringify(event));
        return undefined;
      }),
    moveEvents: async (id) =>
      db.snapshot(() =>
        db
          .all('SELECT event FROM move_events WHERE move = ? ORDER BY sequence', id)
          .flatMap((row) => parsed<MoveEvent>(row['event']) ?? []),
      ),
  };
}

function begin(db: Database, context: StoreContext, start: MoveStart): MoveClaim | Failure {
  const { id, app, environment, from, to } = start;
  const running = db.one(
    `SELECT * FROM moves WHERE app = ? AND environment = ? AND status = 'running'`,
    app,
    environment,
  );
  if (running) return alreadyMoving(running);
  db.run(
    `INSERT INTO moves (id, app, environment, source, target, status, direction, paused, finish, approved, phase, why,
       shares, plan, marks, started_at, holder, owner, token)
     VALUES (?, ?, ?, ?, ?, 'running', 'forth', 0, 0, 0, 'arrive', '', ?, ?, '{}', ?, ?, ?, 1)`,
    id,
    app,
    environment,
    from,
    to,
    JSON.stringify(start.shares),
    JSON.stringify(start.plan),
    time(context),
    start.holder,
    start.owner ? JSON.stringify(start.owner) : null,
  );
  return { move: id, token: 1 };
}

function alreadyMoving(row: Row): Failure {
  const [app, environment, id] = [row['app'], row['environment'], row['id']];
  return fail('move-running', `${app} in ${environment} is moving to ${row['target']} already.`, {
    found: `move ${id}, phase ${row['phase']}`,
    hint: `rehome move status ${app} -e ${environment}`,
  });
}

function claim(db: Database, context: StoreContext, id: string, owner: Owner): MoveClaim | Failure {
  const row = find(db, id);
  if (!row) return noSuchMove(id);
  if (row['status'] !== 'running') return isOver(row);
  const before = parsed<Owner>(row['owner']);
  if (before && context.alive(before) !== false) {
    return fail('already-running', `Process ${before.pid} on ${before.hostname} carries move ${id} on.`, {
      hint: `rehome move status ${row['app']} -e ${row['environment']} tells how far it is`,
    });
  }
  const token = Number(row['token']) + 1;
  db.run('UPDATE moves SET owner = ?, token = ? WHERE id = ?', JSON.stringify(owner), token, id);
  return { move: id, token };
}

interface Ending {
  readonly row: Row;
  readonly end: MoveEnd;
  readonly residence?: readonly Residency[];
}

function finish(
  db: Database,
  context: StoreContext,
  held: MoveClaim,
  { row, end, residence }: Ending,
): Failure | undefined {
  if (end.status === 'done' && row['direction'] === 'back') {
    return fail('refused', `Move ${held.move} was sent back in the moment it was done.`);
  }
  db.run(
    `UPDATE moves SET status = ?, why = ?, shares = ?, finished_at = ?, next_at = NULL, owner = NULL WHERE id = ?`,
    end.status,
    end.why,
    JSON.stringify(end.shares),
    time(context),
    held.move,
  );
  saveResidence(db, row, residence);
  db.run('DELETE FROM locks WHERE deployment = ?', held.move);
  return undefined;
}

function steer(db: Database, id: string, steering: Partial<Steering>): Failure | undefined {
  const row = find(db, id);
  if (!row) return noSuchMove(id);
  const again = row['status'] === 'done' && steering.direction === 'back';
  if (row['status'] !== 'running' && !again) return isOver(row);
  if (again) db.run(`UPDATE moves SET status = 'running', finished_at = NULL WHERE id = ?`, id);
  const { direction = row['direction'], approved = row['approved'] } = steering;
  const paused = steering.paused === undefined ? row['paused'] : Number(steering.paused);
  const ends = steering.finish === undefined ? row['finish'] : Number(steering.finish);
  const values: SQLInputValue[] = [direction, approved, paused, ends].map((value) => value ?? null);
  db.run('UPDATE moves SET direction = ?, approved = ?, paused = ?, finish = ? WHERE id = ?', ...values, id);
  return undefined;
}

function lock(db: Database, context: StoreContext, held: MoveClaim, row: Row): Failure | undefined {
  const [app, environment] = [String(row['app']), String(row['environment'])];
  const taken = db.one('SELECT * FROM locks WHERE app = ? AND environment = ?', app, environment);
  if (taken) return taken['deployment'] === held.move ? undefined : heldBy(db, context, taken);
  db.run(
    'INSERT INTO locks (app, environment, deployment, holder, since) VALUES (?, ?, ?, ?, ?)',
    app,
    environment,
    held.move,
    String(row['holder']),
    time(context),
  );
  return undefined;
}

/** Shares, duty and phase of the homes that are known; homes that came or went since it was looked are not touched. */
function saveResidence(db: Database, row: Row, homes: readonly Residency[] | undefined): void {
  if (!homes) return;
  const [app, environment] = [String(row['app']), String(row['environment'])];
  const known = homesOf(db, app, environment) ?? homes;
  const merged = known.map((one) => homes.find(({ home }) => home === one.home) ?? one);
  saveHomes(db, app, environment, merged);
}

/** Runs `work` if the claim is still the last one that was made. */
function fenced(db: Database, held: MoveClaim, work: (row: Row) => unknown): Failure | undefined {
  return db.transaction(() => {
    const row = find(db, held.move);
    if (!row) return noSuchMove(held.move);
    if (row['token'] !== held.token || row['status'] !== 'running') {
      return fail('lock-lost', `Move ${held.move} was taken over by another process.`, {
        hint: `rehome move status ${row['app']} -e ${row['environment']} tells who goes on`,
      });
    }
    const result = work(row);
    return isFailure(result) ? result : undefined;
  });
}

function find(db: Database, id: string): Row | undefined {
  return db.one('SELECT * FROM moves WHERE id = ?', id);
}

function isOver(row: Row): Failure {
  return fail('not-resumable', `Move ${row['id']} is over: ${row['status']}.`, {
    hint: `rehome move status ${row['app']} -e ${row['environment']}`,
  });
}

function noSuchMove(id: string): Failure {
  return fail('no-such-move', `There is no move ${id}.`, { hint: 'rehome move status lists them' });
}
