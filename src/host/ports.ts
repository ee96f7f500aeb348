import { createServer, type Server } from 'node:net';
import { type Failure, fail } from '../model/failure.ts';

/**
 * Where blocks of ports lie: below the range that kernels hand out by themselves (32768 and up), so that no
 * passing connection ever sits on a port that somebody remembers. Two workspaces never share a block.
 */
export const portRanges = {
  /** One port per app and environment: 40 apps in 12 environments fit. */
  edge: { from: 10_000, to: 19_500, size: 500 },
  lab: { from: 20_000, to: 32_000, size: 600 },
} as const satisfies Record<string, PortRange>;

export interface PortRange {
  /** First port of the range. */
  readonly from: number;
  /** Port after the last one. */
  readonly to: number;
  /** Ports in one block. Everybody who claims from one range uses one size. */
  readonly size: number;
}

export interface BlockRequest extends PortRange {
  /** First port of the block that is tried first: the one held before, or `preferredBlock`. */
  readonly preferred?: number;
}

/** `size` ports from `first`; the port `first` itself is bound by the claim, the others are free to use. */
export interface Block {
  readonly first: number;
  readonly size: number;
  release(): Promise<void>;
}

/**
 * Claims a block by binding its first port on 127.0.0.1; the kernel gives it back when the process dies.
 * Failure: `no-free-port` when every block of the range is held.
 */
export async function claimBlock(request: BlockRequest): Promise<Block | Failure> {
  for (const first of candidates(request)) {
    const server = await bind(first);
    if (server) return { first, size: request.size, release: () => close(server) };
  }
  const range = `${request.from} to ${request.to - 1}`;
  return fail('no-free-port', `Every block of ${request.size} ports from ${range} is in use.`, {
    hint: 'stop a workspace that is not needed any more',
  });
}

/** The block that belongs to a text, say the path of a workspace: always the same one. */
export function preferredBlock(range: PortRange, text: string): number {
  let hash = 2_166_136_261;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 16_777_619);
  return range.from + ((hash >>> 0) % blocks(range)) * range.size;
}

/** Resolves to whether a port of 127.0.0.1 can be bound at the moment. */
export async function isFree(port: number): Promise<boolean> {
  const server = await bind(port);
  if (server) await close(server);
  return server !== undefined;
}

function candidates({ preferred, ...range }: BlockRequest): readonly number[] {
  const firsts = Array.from({ length: blocks(range) }, (_, index) => range.from + index * range.size);
  const start = preferred === undefined ? 0 : firsts.indexOf(preferred);
  if (start < 0) return firsts;
  return [...firsts.slice(start), ...firsts.slice(0, start)];
}

function blocks({ from, to, size }: PortRange): number {
  return Math.floor((to - from) / size);
}

function bind(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
