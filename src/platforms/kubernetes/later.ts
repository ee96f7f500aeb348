import type { Home } from '../platform.ts';

/**
 * A home whose code is loaded when it is first asked: half of this platform is only for those who talk to a cluster,
 * and every command loads every platform.
 */
export function later(open: () => Promise<Home>): Home {
  let opened: Promise<Home> | undefined;
  const home = () => {
    opened ??= open();
    return opened;
  };
  return {
    observe: async (...all) => await (await home()).observe(...all),
    apply: async (...all) => await (await home()).apply(...all),
    async rehearse(changes, context) {
      const { rehearse } = await home();
      return rehearse ? await rehearse(changes, context) : changes;
    },
    ready: async (...all) => await (await home()).ready(...all),
    changed: async (...all) => await (await home()).changed(...all),
    runJob: async (...all) => await (await home()).runJob(...all),
    setDuty: async (...all) => await (await home()).setDuty(...all),
    runsSince: async (...all) => await (await home()).runsSince(...all),
    inventory: async (...all) => await (await home()).inventory(...all),
    async *endpoints(...all) {
      yield* (await home()).endpoints(...all);
    },
    async *logs(query) {
      yield* (await home()).logs(query);
    },
  };
}
