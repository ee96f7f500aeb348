import { type Failure, fail } from '../../model/failure.ts';
import type { Backend, Shares } from '../edge.ts';
import type { EdgeState } from './protocol.ts';
import type { FrontSpec } from './site.ts';

/** Instances of one home as they are written down. */
interface Home {
  readonly home: string;
  readonly backends: readonly Backend[];
  readonly drained: readonly string[];
  readonly slots?: readonly string[];
}

/** A front as it is written down, enough to come back as before. */
export function savedFront(spec: FrontSpec, homes: readonly Home[]): EdgeState['fronts'][number] {
  const { environment, app, address, shares, also, cohortCookie, edge, settings } = spec;
  return {
    environment,
    app,
    address,
    shares,
    ...(also ? { also } : {}),
    ...(cohortCookie ? { cohortCookie } : {}),
    ...(edge ? { edge } : {}),
    ...(settings ? { settings } : {}),
    homes: Object.fromEntries(homes.map(({ home, ...known }) => [home, copied(known)])),
  };
}

function copied({ backends, drained, slots }: Omit<Home, 'home'>) {
  return { backends: [...backends], drained: [...drained], ...(slots ? { slots: [...slots] } : {}) };
}

/** Homes whose share grows. */
export function raised(from: Shares, to: Shares): readonly string[] {
  return Object.keys(to).filter((home) => (to[home] ?? 0) > (from[home] ?? 0));
}

export function nowhereToGo({ app, environment }: FrontSpec, home: string): Failure {
  const message = `The share of ${home} cannot be raised: no instance of ${app} takes requests there.`;
  return fail('refused', message, { hint: `deploy ${app} to ${environment}.${home} first` });
}

export function notDrained(app: string, { id }: Backend, requests: number, afterMs: number): Failure {
  const seconds = Math.round(afterMs / 100) / 10;
  const what = requests === 1 ? '1 request' : `${requests} requests`;
  const have = requests === 1 ? 'has' : 'have';
  return fail('not-drained', `${what} to instance ${id} of ${app} ${have} not ended after ${seconds} s.`);
}
