import type { Clock } from '../../host/host.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { Address } from '../edge.ts';
import type { LiveFront } from './front.ts';
import { type Listener, listen } from './listener.ts';
import type { RequestProxy } from './proxy.ts';

/** Where one front listens: at its own address, and beside it at the same port of other addresses of this machine. */
export interface Ears {
  /** Listens where the front says. `no-free-port` when its own address cannot be listened on; then nothing changed. */
  open(own: Address, also: readonly string[]): Promise<undefined | Failure>;
  /** Whether it listens at its own address. */
  readonly listening: boolean;
  /** Other addresses that cannot be listened on at the moment. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

export interface EarsContext {
  readonly proxy: RequestProxy;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** How often an address that this machine does not have, or that others hold, is tried again, ms. */
const againMs = 1_000;

export function createEars(front: LiveFront, { proxy, clock, log }: EarsContext): Ears {
  const closing = new AbortController();
  const others = new Map<string, Listener>();
  let own: { readonly listener: Listener; readonly address: Address } | undefined;
  const told = new Set<string>();
  let wanted: readonly string[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let insisting = false;

  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    const next = turn.then(action);
    turn = next;
    return next;
  };

  const moveTo = async (address: Address): Promise<undefined | Failure> => {
    if (own && same(address, own.address)) return;
    const listener = await listen(front, address, proxy);
    if (isFailure(listener)) return listener;
    const before = own;
    own = { listener, address };
    // Callers of the old address get their answers while the new one is open already.
    void before?.listener.close();
    if (before?.address.port !== address.port) closeOthers([]);
  };

  const closeOthers = (but: readonly string[]) => {
    for (const [host, listener] of others) {
      if (but.includes(host)) continue;
      others.delete(host);
      void listener.close();
    }
  };

  const openOthers = async (): Promise<void> => {
    closeOthers(wanted);
    for (const host of own ? missing() : []) {
      const listener = await listen(front, { host, port: own?.address.port ?? 0 }, proxy);
      if (!isFailure(listener)) others.set(host, listener);
      else if (!told.has(host)) log(`${listener.message} ${listener.found}; it is tried again until it can.`);
      if (isFailure(listener)) told.add(host);
    }
  };

  const missing = () => wanted.filter((host) => !others.has(host));

  /** An address may come later: that of a bridge to pods, say, with the cluster behind it. */
  const insist = async () => {
    if (insisting) return;
    insisting = true;
    while (missing().length > 0 && !closing.signal.aborted) {
      await clock.sleep(againMs, closing.signal);
      if (!closing.signal.aborted) await inTurn(openOthers);
    }
    insisting = false;
  };

  return {
    get listening() {
      return own !== undefined;
    },
    get missing() {
      return missing();
    },
    open: (address, also) =>
      inTurn(async () => {
        const failure = await moveTo(address);
        if (failure) return failure;
        wanted = also;
        await openOthers();
        void insist();
      }),
    async close() {
      closing.abort();
      await turn;
      await Promise.all([own?.listener.close(), ...[...others.values()].map((other) => other.close())]);
    },
  };
}

function same(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port;
}
