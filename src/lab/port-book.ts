import { type Failure, isFailure } from '../model/failure.ts';
import type { PortPool } from './ports.ts';
import type { WantedBook } from './wanted.ts';

/** The port of something that listens (`api`, `test1.marathon`): the same as ever where it is free. */
export type PortOf = (what: string) => Promise<number | Failure>;

/** Takes all ports that are remembered, before any task could get one of them. Failure: `no-free-port`. */
export async function openPortBook(pool: PortPool, wanted: WantedBook): Promise<PortOf | Failure> {
  const held = new Map<string, number>();
  const portOf: PortOf = async (what) => {
    const known = held.get(what);
    if (known !== undefined) return known;
    const port = await pool.take(wanted.get().ports[what]);
    if (isFailure(port)) return port;
    held.set(what, port);
    const { ports } = wanted.get();
    if (ports[what] !== port) wanted.change({ ports: { ...ports, [what]: port } });
    return port;
  };
  for (const what of Object.keys(wanted.get().ports)) {
    const port = await portOf(what);
    if (isFailure(port)) return port;
  }
  return portOf;
}
