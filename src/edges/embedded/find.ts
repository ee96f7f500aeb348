import type { LiveFront, Picked } from './front.ts';
import type { Instance } from './instance.ts';

/** Pause before instances that all refused are asked again. */
const againMs = 50;

/** A search for an instance that takes one request. */
export interface Search {
  /** The next instance to try; waits for one where there is none, at most until the search's time is over. */
  next(): Promise<Picked | undefined>;
  /** An instance is not to be asked again in this round. */
  rule(out: Instance): void;
  /** The same, because it refused a connection: others will ask it last for a while. */
  refused(by: Instance): void;
}

/** @param cookies of the request, they may name the caller's cohort */
export function search(front: LiveFront, cookies: string | undefined): Search {
  const deadline = performance.now() + front.limits.waitMs;
  const place = front.place(cookies);
  const tried = new Set<Instance>();
  return {
    async next() {
      for (;;) {
        const picked = front.pick(place, tried);
        if (picked) return picked;
        const left = deadline - performance.now();
        if (left <= 0) return giveUp(front, place);
        await front.changed(tried.size > 0 ? Math.min(againMs, left) : left);
        tried.clear();
      }
    },
    rule: (out) => tried.add(out),
    refused(by) {
      tried.add(by);
      by.suspectUntil = performance.now() + front.limits.suspectMs;
    },
  };
}

/** What a caller reads when no instance could be found. */
export function nobody({ spec }: LiveFront): string {
  return `No instance of ${spec.app} in ${spec.environment} takes requests at the moment. Nothing was carried out.\n`;
}

function giveUp(front: LiveFront, place: number): undefined {
  const home = front.homeAt(place);
  if (home === undefined) return;
  const { tally } = front.pool(home);
  tally.requests++;
  tally.errors++;
}
