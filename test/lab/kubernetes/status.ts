import { existsSync, readFileSync } from 'node:fs';
import { openApi } from './api.ts';
import { type StatePaths, stateFolder, statePaths } from './places.ts';
import { isAlive, known, type Started } from './processes.ts';

/** How the records of further apiservers begin. */
export const secondName = 'second-';

export interface ClusterStatus {
  readonly state: 'up' | 'down' | 'broken';
  /** What is not as it should be, one sentence. */
  readonly why?: string;
  readonly kubeconfig: string;
  readonly shared: string;
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly memory: number }[];
}

/** Looks at the processes and asks the apiserver. Memory in MiB. */
export async function clusterStatus(state = stateFolder()): Promise<ClusterStatus> {
  const paths = statePaths(state);
  const all = own(paths);
  const { kubeconfig, shared } = paths;
  const living = all.filter(isAlive);
  const processes = living.map(({ name, pid }) => ({ name, pid, memory: memoryOf(pid) }));
  const told = (now: ClusterStatus['state'], why?: string) => ({
    state: now,
    kubeconfig,
    shared,
    processes,
    ...(why === undefined ? {} : { why }),
  });
  if (living.length === 0) return told('down');
  const dead = all.filter((one) => !living.includes(one)).map(({ name }) => name);
  if (dead.length > 0) return told('broken', `${dead.join(', ')} ended; see ${paths.logs}.`);
  if (!existsSync(paths.ready)) return told('broken', 'It was not started to the end.');
  const api = openApi(kubeconfig);
  try {
    const { status } = await api.ask('GET', '/readyz');
    return status === 200 ? told('up') : told('broken', `The apiserver answers ${status} to /readyz.`);
  } catch (error) {
    return told('broken', `The apiserver does not answer: ${(error as Error).message}`);
  } finally {
    api.close();
  }
}

/** Whether it was started to the end and its programs live, without asking any of them. */
export function seemsUp(state = stateFolder()): boolean {
  const paths = statePaths(state);
  const all = own(paths);
  return existsSync(paths.ready) && all.length > 0 && all.every(isAlive);
}

/** Without what tests start beside it (second-apiserver.ts). */
function own(paths: StatePaths): readonly Started[] {
  return known(paths).filter(({ name }) => !name.startsWith(secondName));
}

function memoryOf(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kib ?? 0) / 1_024);
  } catch {
    return 0;
  }
}
