import type { Readiness } from './platform.ts';

/** Without health checks an instance has to live this long before it counts, ms: a crash loop runs, too, now and then. */
export const steadyMs = 2_000;

/** One answer for all services of an app: failed as soon as one has, done when all are. */
export function together(looks: readonly Readiness[]): Readiness {
  const failed = looks.find(({ done, ok }) => done && !ok);
  const log = failed?.log ?? looks.find((look) => look.log)?.log;
  const sum = (pick: (look: Readiness) => number) => looks.reduce((total, look) => total + pick(look), 0);
  return {
    done: failed !== undefined || looks.every(({ done }) => done),
    ok: looks.every(({ ok }) => ok),
    wanted: sum(({ wanted }) => wanted),
    running: sum(({ running }) => running),
    healthy: sum(({ healthy }) => healthy),
    why: failed?.why ?? looks.flatMap(({ why }) => why || []).join('; '),
    ...(log ? { log } : {}),
  };
}
