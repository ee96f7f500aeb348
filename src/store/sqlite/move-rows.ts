import type { Failure } from '../../model/failure.ts';
import type { Move, MovePhase, MovePlan, MoveStatus } from '../../model/move.ts';
import type { BegunMove, MoveFilter } from '../moves.ts';
import type { Owner } from '../store.ts';
import type { Database, Row } from './database.ts';
import { optional, parsed } from './rows.ts';
import type { StoreContext } from './sqlite.ts';

export function selectMoves(db: Database, { app, environment, status, limit }: MoveFilter): Row[] {
  const wanted = Object.entries({ app, environment, status }).filter((one) => one[1] !== undefined);
  const where = wanted.map(([column]) => `${column} = ?`).join(' AND ') || '1';
  const values = wanted.map(([, value]) => String(value));
  return db.all(`SELECT * FROM moves WHERE ${where} ORDER BY rowid DESC LIMIT ?`, ...values, limit ?? -1);
}

export function moveOf(context: StoreContext, row: Row): Move {
  const owner = parsed<Owner>(row['owner']);
  const failure = parsed<Failure>(row['failure']);
  return {
    move: String(row['id']),
    app: String(row['app']),
    environment: String(row['environment']),
    from: String(row['source']),
    to: String(row['target']),
    status: row['status'] as MoveStatus,
    direction: row['direction'] as Move['direction'],
    phase: row['phase'] as MovePhase,
    shares: parsed<Record<string, number>>(row['shares']) ?? {},
    why: String(row['why']),
    paused: row['paused'] === 1,
    plan: parsed<MovePlan>(row['plan']) as MovePlan,
    startedAt: String(row['started_at']),
    ...optional('finishedAt', row['finished_at']),
    ...optional('nextAt', row['next_at']),
    holder: String(row['holder']),
    attended: owner !== undefined && context.alive(owner) !== false,
    ...(failure ? { failure } : {}),
  };
}

export function begunMoveOf(context: StoreContext, row: Row): BegunMove {
  return {
    ...moveOf(context, row),
    finish: row['finish'] === 1,
    approved: Number(row['approved']),
    marks: parsed<Record<string, unknown>>(row['marks']) ?? {},
  };
}
