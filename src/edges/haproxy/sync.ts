import { isIP } from 'node:net';
import { type HaproxyModel, names, type Slot } from './model.ts';
import type { ServerState } from './parse.ts';

/** Commands that make the servers of a running HAProxy as the model says. None where they are. */
export function serverCommands(model: HaproxyModel, running: readonly ServerState[]): readonly string[] {
  const now = new Map(running.map((state) => [`${state.pool}/${state.server}`, state]));
  return slotsOf(model).flatMap(([name, slot]) => {
    const state = now.get(name);
    // A process that a reload left may have fewer of them; it sends what it cannot place to the next one.
    return state ? commandsFor(name, slot, state) : [];
  });
}

/** Names of servers that are not as the model says. */
export function differing(model: HaproxyModel, running: readonly ServerState[]): readonly string[] {
  const now = new Map(running.map((state) => [`${state.pool}/${state.server}`, state]));
  return slotsOf(model)
    .filter(([name, slot]) => {
      const state = now.get(name);
      return !state || commandsFor(name, slot, state).length > 0;
    })
    .map(([name]) => name);
}

function slotsOf({ environment, fronts }: HaproxyModel): readonly (readonly [string, Slot])[] {
  return fronts.flatMap(({ app, homes }) =>
    homes.flatMap(({ home, slots }) =>
      slots.map(
        (slot, index) => [`${names.pool(environment, app, home)}/${names.slot(index)}`, slot] as const,
      ),
    ),
  );
}

function commandsFor(name: string, { state, backend }: Slot, now: ServerState): readonly string[] {
  if (state === 'free') return now.admin === 'maint' ? [] : [`set server ${name} state maint`];
  if (state === 'out') return now.admin === 'ready' ? [`set server ${name} state drain`] : [];
  const there = backend && sameHost(backend.host, now.host) && backend.port === now.port;
  if (there) return now.admin === 'ready' ? [] : [`set server ${name} state ready`];
  return [
    // Nothing goes to half an address, and what is kept open to the old one is closed.
    ...(now.admin === 'maint' ? [] : [`set server ${name} state maint`]),
    `set server ${name} addr ${backend?.host} port ${backend?.port}`,
    `set server ${name} state ready`,
  ];
}

/** HAProxy writes IPv6 addresses in its own way. */
function sameHost(one: string, other: string): boolean {
  return one === other || (isIP(one) === 6 && new URL(`http://[${one}]`).host === hostOf(other));
}

function hostOf(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).host : address;
}
