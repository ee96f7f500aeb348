import { z } from 'zod';
import type { Edge, EdgeType, Shares } from '../../src/edges/edge.ts';
import { keepShares } from '../../src/edges/share.ts';
import type { App, Service } from '../../src/model/app.ts';
import { type Failure, fail } from '../../src/model/failure.ts';
import type { Change, NativeObject } from '../../src/model/native.ts';
import type { Release } from '../../src/model/release.ts';
import type { Endpoint, Home, Platform, Resident } from '../../src/platforms/platform.ts';
import { type Remarks, remarksOf, remembered, stampsOf } from '../../src/platforms/remarks.ts';

/** One home in memory, and what a test does to it. */
export interface MemoryHome {
  readonly objects: Map<string, NativeObject>;
  /** It does not answer. */
  silent: boolean;
  /** What it would refuse when asked beforehand. */
  refuses: string | undefined;
  /** The version that never gets ready. */
  broken: string | undefined;
  /** Told of every write. */
  heard: (write: string) => void;
  endpoints: readonly Endpoint[];
  /** Writes it got, rehearsals included, as `apply service api`. */
  readonly log: string[];
}

export interface MemoryPlatform {
  readonly platform: Platform;
  home(name: string): MemoryHome;
}

const settings = z.strictObject({});

/**
 * A platform in memory with names of its own, as far as the process and the operations around it need one: an app is
 * a service object, and an app that lives elsewhere an address object.
 */
export function memoryPlatform(): MemoryPlatform {
  const homes = new Map<string, MemoryHome>();
  const home = (name: string): MemoryHome => {
    const known = homes.get(name) ?? newHome();
    homes.set(name, known);
    return known;
  };
  const platform: Platform = {
    name: 'memory',
    settings,
    capabilities: { endpoints: true, holds: false, logs: false, jobs: true, crons: true },
    compile: (app, { elsewhere = {} }) => {
      const remarks = remarksOf(app, {});
      const services = app.services.map((service) => object('service', app.name, { service }, remarks));
      const port = elsewhere[app.name];
      const address = port === undefined ? [] : [object('address', app.name, { port }, remarks)];
      return { objects: [...services, ...address], notes: [] };
    },
    read(objects, { environment }) {
      const known = objects.map((one) => ({ ...one, ...remembered(one.remarks) }));
      const names = [...new Set(known.map(({ id }) => id))];
      const releases = known.flatMap(({ id, release }) => (release ? [[id, release] as const] : []));
      const apps = names.map((name): App => {
        const own = known.filter(({ id }) => id === name);
        const services = own.flatMap(({ body }) => (body['service'] ? [body['service'] as Service] : []));
        const nothing = { jobs: [], crons: [], routes: [], uses: [] };
        const version = own[0]?.version ?? '';
        return { kind: 'App', name, version, environment, stage: 'test', services, ...nothing };
      });
      return { apps, releases: Object.fromEntries(releases), notes: [] };
    },
    managed: (live) => live,
    addressOf: (app) => `http://${app}`,
    connect: (_settings, context) => connect(home(context.home)),
  };
  return { platform, home };
}

function newHome(): MemoryHome {
  const log: string[] = [];
  return {
    objects: new Map(),
    silent: false,
    refuses: undefined,
    broken: undefined,
    heard: (write) => void log.push(write),
    endpoints: [],
    log,
  };
}

function object(kind: string, id: string, body: NativeObject['body'], remarks: Remarks): NativeObject {
  return { kind, id, body, remarks };
}

function connect(state: MemoryHome): Home {
  const unless = <T>(value: () => T): T | Failure =>
    state.silent ? fail('unreachable', 'The home does not answer.') : value();
  const all = () => [...state.objects.values()];
  return {
    observe: async ({ app }) => unless(() => all().filter(({ id }) => app === undefined || id === app)),
    apply: async (changes, { release }) =>
      unless(() => {
        for (const change of changes) carryOut(state, change, release);
        return undefined;
      }),
    rehearse: async (changes) =>
      unless(() => {
        state.log.push('rehearse');
        if (state.refuses !== undefined) return fail('refused', state.refuses);
        const filled = { path: 'filledIn', to: 'by the home' };
        return changes.map((change) => ({ ...change, fields: [...change.fields, filled] }));
      }),
    ready: async ({ services, version }) =>
      unless(() => {
        const wanted = services.reduce((sum, { instances }) => sum + instances, 0);
        const broken = state.broken === version;
        const healthy = broken ? 0 : wanted;
        return {
          done: true,
          ok: !broken,
          wanted,
          running: healthy,
          healthy,
          why: broken ? 'it crashes' : '',
        };
      }),
    changed: async () => {},
    runJob: async () => unless(() => ({ ok: true, why: 'exit code 0', log: [] })),
    setDuty: async () => unless(() => undefined),
    runsSince: async () => unless(() => []),
    inventory: async () => unless(() => residents(all())),
    async *endpoints() {
      yield unless(() => state.endpoints);
    },
    async *logs() {},
  };
}

function carryOut(state: MemoryHome, { before, after }: Change, release: Release): void {
  if (before && !after) state.objects.delete(nameOf(before));
  if (after) state.objects.set(nameOf(after), { ...after, remarks: stampsOf(release, after.remarks, {}) });
  const object = after ?? before;
  if (object) state.heard(`${after ? 'apply' : 'remove'} ${nameOf(object)}`);
}

function nameOf({ kind, id }: NativeObject): string {
  return `${kind} ${id}`;
}

function residents(objects: readonly NativeObject[]): Resident[] {
  return objects
    .filter(({ kind }) => kind === 'service')
    .map(({ id, remarks }) => {
      const { release } = remembered(remarks);
      return { app: id, ...(release ? { release } : {}), wanted: 1, running: 1, healthy: 1 };
    });
}

/** An edge that only remembers shares. Nobody listens at its addresses. */
export function memoryEdge(): { readonly type: EdgeType; readonly shares: Map<string, Shares> } {
  const shares = new Map<string, Shares>();
  const edge: Edge = {
    async reconcile(front) {
      const inForce = shares.get(front.app);
      shares.set(front.app, inForce ? keepShares(inForce, front.shares) : front.shares);
      return undefined;
    },
    async setShare(app, wanted) {
      shares.set(app, wanted);
      return undefined;
    },
    getShare: async (app) => shares.get(app),
    verifyShare: async () => undefined,
    drain: async () => undefined,
    stats: async () => [],
    async remove(app) {
      shares.delete(app);
      return undefined;
    },
  };
  const type: EdgeType = {
    name: 'memory',
    settings,
    capabilities: { follows: true },
    connect: () => edge,
    addresses: () => ({ first: 1, size: 100 }),
  };
  return { type, shares };
}
