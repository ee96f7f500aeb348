import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire to a server that can be cut: what goes through is not looked at, so TLS goes through too. */
export interface Wire {
  readonly port: number;
  /** Cuts every connection there is; new ones are let through. Gives how many were cut. */
  cut(): number;
  /** Lets no new connection through, or lets them again. */
  block(isBlocked: boolean): void;
  /** Connections that were made so far. */
  readonly count: () => number;
  close(): Promise<void>;
}

export async function wireTo(host: string, port: number): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let count = 0;
  let isBlocked = false;
  const server = createServer((near) => {
    if (isBlocked) return near.destroy();
    count++;
    const far = connect({ host, port });
    const pair = [near, far] as const;
    pairs.add(pair);
    const drop = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', drop).on('close', drop);
    near.pipe(far).pipe(near);
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function cut(): number {
    const all = [...pairs];
    for (const [near] of all) near.destroy();
    return all.length;
  }

  return {
    port: (server.address() as AddressInfo).port,
    cut,
    block(blocked) {
      isBlocked = blocked;
      if (blocked) cut();
    },
    count: () => count,
    async close() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
