import { type Failure, fail } from '../../model/failure.ts';
import type { Backend, HomeStats, Shares } from '../edge.ts';
import { checkShares, keepShares } from '../share.ts';
import type { EdgeReport, EdgeState, FrontBody } from './protocol.ts';
import { createProxy } from './proxy.ts';
import { createSite, type Site, type SiteContext } from './site.ts';

/** An app in an environment. */
export interface Target {
  readonly environment: string;
  readonly app: string;
}

/** All fronts of one edge, in all environments. */
export interface Fronts {
  reconcile(target: Target, front: FrontBody): Promise<undefined | Failure>;
  setShare(target: Target, shares: Shares): Promise<undefined | Failure>;
  getShare(target: Target): Shares | Failure;
  drain(
    target: Target,
    backend: Backend,
    atMostMs: number,
    signal: AbortSignal,
  ): Promise<undefined | Failure>;
  stats(target: Target): readonly HomeStats[] | Failure;
  remove(target: Target): Promise<void>;
  report(): EdgeReport;
  state(): EdgeState['fronts'];
  /** Brings back what was written down. An address that others hold is tried again until it is free. */
  restore(fronts: EdgeState['fronts']): Promise<void>;
  close(): Promise<void>;
}

export function createFronts(context: Omit<SiteContext, 'proxy'>): Fronts {
  const siteContext: SiteContext = { ...context, proxy: createProxy() };
  const sites = new Map<string, Site>();
  const inTurn = takeTurns();
  const siteOf = (target: Target): Site | Failure => sites.get(keyOf(target)) ?? noFront(target);

  return {
    reconcile: (target, { backends, ...front }) =>
      inTurn(keyOf(target), async () => {
        const wrong = checkShares(target.app, front.shares);
        if (wrong) return wrong;
        const known = sites.get(keyOf(target));
        const shares = known ? keepShares(known.front.spec.shares, front.shares) : front.shares;
        const spec = { ...target, ...front, shares };
        const site = known ?? createSite(spec, siteContext);
        const failure = await site.reconcile(spec, backends);
        if (failure) return failure;
        sites.set(keyOf(target), site);
        await context.changed();
      }),
    async setShare(target, shares) {
      const site = siteOf(target);
      if ('kind' in site) return site;
      // Outside of the turn: what makes it possible may be the next change of this front.
      const failure = checkShares(target.app, shares) ?? (await site.raisable(shares));
      if (failure) return failure;
      return inTurn(keyOf(target), async () => {
        const now = siteOf(target);
        if ('kind' in now) return now;
        now.setShare(shares);
        await context.changed();
      });
    },
    getShare(target) {
      const site = siteOf(target);
      return 'kind' in site ? site : site.front.spec.shares;
    },
    async drain(target, backend, atMostMs, signal) {
      const site = siteOf(target);
      if ('kind' in site) return site;
      const [drained] = await Promise.all([site.drain(backend, atMostMs, signal), context.changed()]);
      return drained;
    },
    stats(target) {
      const site = siteOf(target);
      return 'kind' in site ? site : site.front.stats();
    },
    remove: (target) =>
      inTurn(keyOf(target), async () => {
        const site = sites.get(keyOf(target));
        sites.delete(keyOf(target));
        if (!site) return;
        await context.changed();
        await site.close();
      }),
    report: () => ({ fronts: [...sites.values()].map((site) => site.report()) }),
    state: () => [...sites.values()].map((site) => site.state()),
    async restore(fronts) {
      const resumed = fronts.map((saved) => {
        const site = restoreSite(saved, siteContext);
        sites.set(keyOf(saved), site);
        return site.resume();
      });
      await Promise.all(resumed);
    },
    async close() {
      await Promise.all([...sites.values()].map((site) => site.close()));
    },
  };
}

function restoreSite({ homes, ...spec }: EdgeState['fronts'][number], context: SiteContext): Site {
  const site = createSite(spec, context);
  for (const [home, { backends, drained }] of Object.entries(homes)) {
    site.front.setBackends(home, backends);
    const out = backends.filter(({ id }) => drained.includes(id));
    for (const backend of out) site.front.pool(home).takeOut(backend);
  }
  return site;
}

/** Changes of one thing come one after the other. */
function takeTurns(): <T>(key: string, action: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, action) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(action);
    last.set(
      key,
      turn.catch(() => {}),
    );
    return turn;
  };
}

function keyOf({ environment, app }: Target): string {
  return `${environment}/${app}`;
}

function noFront({ environment, app }: Target): Failure {
  return fail('no-front', `The edge has no front for ${app} in ${environment}.`);
}
