import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realProcesses } from '../../../src/host/processes.ts';
import { down } from './down.ts';
import { withLock } from './lock.ts';
import { stateFolder } from './places.ts';

/** Who wants the cluster: a person, who ends it himself, or this very process, for as long as it lives. */
export type User = 'person' | 'process';

/** Notes a user of the cluster. The caller has the lock. */
export function enter(user: User, state = stateFolder()): void {
  const folder = usersOf(state);
  mkdirSync(folder, { recursive: true });
  const name = user === 'person' ? user : String(process.pid);
  writeFileSync(join(folder, name), realProcesses.startTime(process.pid) ?? '');
}

/** This process needs it no more. It ends with the last one, unless a person has asked for it. */
export async function leave(state = stateFolder()): Promise<void> {
  await withLock(async () => {
    rmSync(join(usersOf(state), String(process.pid)), { force: true });
    if (!isUsed(state)) await down(state);
  });
}

/** Whether a person, or a process that still lives, has asked for the cluster. */
export function isUsed(state = stateFolder()): boolean {
  const folder = usersOf(state);
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((name) => {
    if (name === 'person') return true;
    return realProcesses.alive(Number(name), readFileSync(join(folder, name), 'utf8'));
  });
}

function usersOf(state: string): string {
  return join(state, 'users');
}
