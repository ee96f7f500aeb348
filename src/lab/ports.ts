import { type Block, claimBlock, isFree, portRanges, preferredBlock } from '../host/ports.ts';
import { type Failure, fail, isFailure } from '../model/failure.ts';

/** The ports of one lab: blocks that no other lab on the machine has, the first one kept over restarts. */
export interface PortPool {
  /** First port of the first block, to ask for it again. */
  readonly first: number;
  /** Marks a port as used, say by an adopted task. */
  reserve(port: number): void;
  /** A free port of the blocks; `preferred` where it is free. Failure: `no-free-port`. */
  take(preferred?: number): Promise<number | Failure>;
  /** Exactly this port of the machine. Failure: `no-free-port`. */
  takeExact(port: number): Promise<number | Failure>;
  give(port: number): void;
  /** Lets the blocks go. */
  close(): Promise<void>;
}

/**
 * Claims the lab's first block: `first` (the one held before) where it is free, else the one that belongs to `root`.
 * Further blocks are claimed when all ports of the first ones are in use. Failure: `no-free-port`.
 */
export async function openPorts(options: { first?: number; root: string }): Promise<PortPool | Failure> {
  const range = portRanges.lab;
  const preferred = options.first ?? preferredBlock(range, options.root);
  const block = await claimBlock({ ...range, preferred });
  if (isFailure(block)) return block;
  const blocks: Block[] = [block];
  const used = new Set<number>();
  let next = 0;

  const tryPort = async (port: number): Promise<boolean> => {
    if (used.has(port)) return false;
    used.add(port); // before the look, so that two callers never look at the same one
    if (await isFree(port)) return true;
    used.delete(port);
    return false;
  };
  /** Goes round the blocks, so that a port is used again as late as possible. */
  const anyPort = async (): Promise<number | undefined> => {
    const ports = blocks.flatMap(({ first, size }) =>
      Array.from({ length: size - 1 }, (_, index) => first + 1 + index),
    );
    for (let tried = 0; tried < ports.length; tried++) {
      const port = ports[next++ % ports.length];
      if (port !== undefined && (await tryPort(port))) return port;
    }
    return undefined;
  };
  const furtherBlock = async (): Promise<Failure | undefined> => {
    const further = await claimBlock({ ...range, preferred: block.first });
    if (isFailure(further)) return further;
    blocks.push(further);
    next = blocks.slice(0, -1).reduce((sum, { size }) => sum + size - 1, 0);
    return undefined;
  };
  const take = async (wish?: number): Promise<number | Failure> => {
    if (wish !== undefined && (await tryPort(wish))) return wish;
    const port = await anyPort();
    if (port !== undefined) return port;
    return (await furtherBlock()) ?? take();
  };
  return {
    first: block.first,
    reserve: (port) => used.add(port),
    take,
    takeExact: async (port) =>
      (await tryPort(port)) ? port : fail('no-free-port', `Port ${port} is in use already.`),
    give: (port) => used.delete(port),
    close: async () => {
      await Promise.all(blocks.map((held) => held.release()));
    },
  };
}
