import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Backend, HomeStats, Shares } from '../edge.ts';
import { checkShares, keepShares } from '../share.ts';
import type { EdgeReport, EdgeState, FrontBody } from './protocol.ts';
import {
  type Carrier,
  type CarrierContext,
  type Carriers,
  type FrontSpec,
  firstEdge,
  type SavedHomes,
  type Site,
} from './site.ts';
import { takeTurns } from './turns.ts';

/** An app in an environment. */
export interface Target {
  readonly environment: string;
  readonly app: string;
}

/** All fronts of one daemon, in all environments. */
export interface Fronts {
  reconcile(target: Target, front: FrontBody): Promise<undefined | Failure>;
  setShare(target: Target, shares: Shares): Promise<undefined | Failure>;
  getShare(target: Target): Promise<Shares | Failure>;
  verifyShare(target: Target, shares: Shares): Promise<undefined | Failure>;
  drain(
    target: Target,
    backend: Backend,
    atMostMs: number,
    signal: AbortSignal,
  ): Promise<undefined | Failure>;
  stats(target: Target): Promise<readonly HomeStats[] | Failure>;
  remove(target: Target): Promise<undefined | Failure>;
  report(): EdgeReport;
  state(): EdgeState['fronts'];
  /** Brings back what was written down. An address that others hold is tried again until it is free. */
  restore(fronts: EdgeState['fronts']): Promise<void>;
  close(): Promise<void>;
}

export function createFronts(carriers: Carriers, context: CarrierContext): Fronts {
  const opened = new Map<string, Carrier>();
  const sites = new Map<string, Site>();
  const inTurn = takeTurns();
  const siteOf = (target: Target): Site | Failure => sites.get(keyOf(target)) ?? noFront(target);

  const carrierOf = (edge: string): Carrier | Failure => {
    const carrier = opened.get(edge) ?? carriers[edge]?.(context);
    if (!carrier) return fail('unknown-edge', `This edge carries nothing for ${edge}.`);
    opened.set(edge, carrier);
    return carrier;
  };
  const newSite = (spec: FrontSpec, homes: SavedHomes): Site | Failure => {
    const carrier = carrierOf(spec.edge ?? firstEdge);
    return isFailure(carrier) ? carrier : carrier.site(spec, homes);
  };

  /** Another edge carries the front from now on, on the same address: the one before has to let go first. */
  const replace = async (known: Site | undefined, spec: FrontSpec): Promise<Site | Failure> => {
    const homes = known?.state().homes ?? {};
    return (await known?.remove()) ?? newSite(spec, homes);
  };

  const reconcile = async (target: Target, { backends, ...front }: FrontBody) => {
    const wrong = checkShares(target.app, front.shares);
    if (wrong) return wrong;
    const known = sites.get(keyOf(target));
    const shares = known ? keepShares(known.spec.shares, front.shares) : front.shares;
    const spec = { ...target, ...front, shares };
    const site = known && sameEdge(known.spec, spec) ? known : await replace(known, spec);
    if (isFailure(site)) return site;
    const failure = await site.reconcile(spec, backends);
    if (failure) return failure;
    sites.set(keyOf(target), site);
    await context.changed();
    return undefined;
  };

  return {
    reconcile: (target, front) => inTurn(keyOf(target), () => reconcile(target, front)),
    async setShare(target, shares) {
      const site = siteOf(target);
      if (isFailure(site)) return site;
      // Outside of the turn: what makes it possible may be the next change of this front.
      const failure = checkShares(target.app, shares) ?? (await site.raisable(shares));
      if (failure) return failure;
      return inTurn(keyOf(target), async () => {
        const now = siteOf(target);
        if (isFailure(now)) return now;
        const refused = await now.setShare(shares);
        await context.changed();
        return refused;
      });
    },
    async getShare(target) {
      const site = siteOf(target);
      return isFailure(site) ? site : await site.shares();
    },
    async verifyShare(target, shares) {
      const site = siteOf(target);
      return isFailure(site) ? site : await site.verify(shares);
    },
    async drain(target, backend, atMostMs, signal) {
      const site = siteOf(target);
      if (isFailure(site)) return site;
      const [drained] = await Promise.all([site.drain(backend, atMostMs, signal), context.changed()]);
      return drained;
    },
    async stats(target) {
      const site = siteOf(target);
      return isFailure(site) ? site : await site.stats();
    },
    remove: (target) =>
      inTurn(keyOf(target), async () => {
        const site = sites.get(keyOf(target));
        sites.delete(keyOf(target));
        if (!site) return;
        await context.changed();
        return await site.remove();
      }),
    report: () => ({ fronts: [...sites.values()].map((site) => site.report()) }),
    state: () => [...sites.values()].map((site) => site.state()),
    async restore(fronts) {
      const resumed = fronts.map(({ homes, ...spec }) => {
        const site = newSite(spec, homes);
        if (isFailure(site)) return context.log(`${spec.app} in ${spec.environment}: ${site.message}`);
        sites.set(keyOf(spec), site);
        return site.resume();
      });
      await Promise.all(resumed);
    },
    async close() {
      await Promise.all([...sites.values()].map((site) => site.close()));
      await Promise.all([...opened.values()].map((carrier) => carrier.close()));
    },
  };
}

function sameEdge(one: FrontSpec, other: FrontSpec): boolean {
  return (one.edge ?? firstEdge) === (other.edge ?? firstEdge);
}

function keyOf({ environment, app }: Target): string {
  return `${environment}/${app}`;
}

function noFront({ environment, app }: Target): Failure {
  return fail('no-front', `The edge has no front for ${app} in ${environment}.`);
}
