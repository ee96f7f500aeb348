import { connect, createServer } from 'node:net';
import type { FrontModel, HaproxyModel } from './model.ts';
import { boundAt } from './render.ts';

/** A model without the addresses that cannot be listened on at the moment, and which these are. */
export interface Listenable {
  readonly model: HaproxyModel;
  /** Apps whose own address others hold. */
  readonly silent: ReadonlySet<string>;
  /** By app, other addresses that this machine does not have, or that others hold. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
}

/** @param bound what our HAProxy listens on already */
export async function listenable(model: HaproxyModel, bound: ReadonlySet<string>): Promise<Listenable> {
  const silent = new Set<string>();
  const missing = new Map<string, readonly string[]>();
  const fronts: FrontModel[] = [];
  const free = (host: string, port: number) => bound.has(boundAt(host, port)) || canListen(host, port);
  for (const front of model.fronts) {
    const { host, port } = front.address;
    const can = await Promise.all([host, ...front.also].map((one) => free(one, port)));
    if (!can[0]) silent.add(front.app);
    const lacks = front.also.filter((_, at) => !can[at + 1]);
    if (lacks.length > 0) missing.set(front.app, lacks);
    if (can[0]) fronts.push({ ...front, also: front.also.filter((_, at) => can[at + 1]) });
  }
  return { model: { ...model, fronts }, silent, missing };
}

/** What a configuration listens on, as `host:port`. */
export function bindsIn(config: string): ReadonlySet<string> {
  return new Set([...config.matchAll(/^ {2}bind (\S+:\d+)$/gm)].map(([, bind]) => bind ?? ''));
}

/** Whether an address of this machine is free: HAProxy itself would share it with its like. */
export function canListen(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer((socket) => socket.destroy());
  server.once('error', () => resolve(false));
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}

/** Whether somebody listens at `host:port`. */
export function isOpen(bind: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(bind) ?? [];
  const socket = connect({ host, port: Number(port) });
  socket.once('error', () => resolve(false));
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  return promise;
}
