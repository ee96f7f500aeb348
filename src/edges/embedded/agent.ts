import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Address } from '../edge.ts';

/** An idle connection is given up before the instance is likely to do so. */
const idleMs = 4_000;

/**
 * Connections to one instance. The agents hand a connection over only when it stands, so a refused one has
 * carried nothing: the request and its body are whole and can go elsewhere.
 */
export interface Connections {
  /** Keeps connections for the next request; the other side may be closing one at the same moment. */
  readonly kept: Agent;
  /** A new connection for every request: it cannot be one that the other side is about to close. */
  readonly fresh: Agent;
  /** Closes what is idle; what is in use ends by itself. */
  closeIdle(): void;
}

export function connectionsTo(address: Address, connectMs: number): Connections {
  const kept = standing(new Agent({ keepAlive: true, timeout: idleMs }), address, connectMs);
  const fresh = standing(new Agent({ keepAlive: false }), address, connectMs);
  return {
    kept,
    fresh,
    closeIdle: () => {
      for (const socket of Object.values(kept.freeSockets).flat()) socket?.destroy();
    },
  };
}

/** Resolves to a connection that stands, or to the error. */
export function connectTo(address: Address, connectMs: number): Promise<Socket | Error> {
  const { promise, resolve } = Promise.withResolvers<Socket | Error>();
  const socket = connect({ host: address.host, port: address.port, noDelay: true });
  const timer = setTimeout(() => socket.destroy(new Error('connect timeout')), connectMs);
  socket.once('error', (error) => {
    clearTimeout(timer);
    resolve(error);
  });
  socket.once('connect', () => {
    clearTimeout(timer);
    resolve(socket);
  });
  return promise;
}

function standing(agent: Agent, address: Address, connectMs: number): Agent {
  agent.createConnection = (_options, callback) => {
    void connectTo(address, connectMs).then((result) => {
      if (result instanceof Error) callback?.(result, undefined as never);
      else callback?.(null, result);
    });
    return undefined;
  };
  return agent;
}
