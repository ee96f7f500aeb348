import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { realHost } from '../../../src/host/real.ts';
import type { App, Service } from '../../../src/model/app.ts';
import { type Failure, isFailure } from '../../../src/model/failure.ts';
import type { Change } from '../../../src/model/native.ts';
import { fingerprint, type Release } from '../../../src/model/release.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import { diff } from '../../../src/plan/diff.ts';
import type {
  Capabilities,
  Endpoint,
  Home,
  Platform,
  Readiness,
  Reveal,
} from '../../../src/platforms/platform.ts';
import { boxCommand } from '../../support/box.ts';

export interface PlatformSuite {
  readonly platform: Platform;
  /** The shortest schedule that such a home takes, where that is not a second, and how long two ticks may take, ms. */
  readonly tick?: { readonly schedule: Schedule; readonly withinMs: number };
  /** Why there is no such home on this machine. What needs none is tested all the same. */
  readonly skip?: string;
  /** Starts a home with the images of support/box.ts. */
  start(): Promise<{ readonly settings: unknown; readonly root: string; stop(): Promise<void> }>;
  /** Somebody else changes a live object of the app, behind rehome's back, in a field that rehome has no word for. */
  meddle?(settings: unknown, app: string): Promise<{ readonly stays: () => Promise<boolean> }>;
}

/** A running home and everything that a test does with it. */
export interface HomeUnderTest {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly suite: PlatformSuite;
  readonly capabilities: Capabilities;
  /** Folder of the workspace. */
  root(): string;
  settings(): unknown;
  home(): Home;
  /** A second connection, as another process would have. */
  again(): Home;
  plan(app: App | undefined, name?: string): Promise<readonly Change[]>;
  /** Writes what the plan says, without waiting. */
  write(app: App | undefined, more?: WriteOptions): Promise<readonly Change[]>;
  /** Waits until the rollout is over, for better or worse. */
  settle(app: App, deployment: string, since?: number): Promise<Readiness>;
  /** Plan, write, wait; the rollout has to go well. */
  deploy(app: App, deployment: string): Promise<Readiness>;
  /** The instances that may get traffic, as soon as there are so many. */
  endpoints(app: string, count: number): Promise<readonly Endpoint[]>;
  /** `deployment` is the one that wrote what may still be under way. */
  remove(app: string, deployment?: string): Promise<void>;
}

export interface WriteOptions {
  readonly name?: string;
  readonly deployment: string;
  readonly release?: Release;
}

export const secrets: Readonly<Record<string, string>> = { 'env:TOKEN': 's3cret' };
export const reveal: Reveal = ({ ref }) => secrets[ref] ?? assert.fail(`unknown secret ${ref}`);

export function homeUnderTest(suite: PlatformSuite): HomeUnderTest {
  const { platform } = suite;
  let running: Awaited<ReturnType<PlatformSuite['start']>> | undefined;
  let connected: Home | undefined;
  const place = () => running ?? assert.fail('the home was not started');
  const target = () => ({ environment: 'test1', home: 'a', settings: place().settings });
  const connect = () =>
    platform.connect(place().settings, {
      host: realHost(),
      environment: 'test1',
      home: 'a',
      root: place().root,
      reveal,
    });
  const home = () => connected ?? assert.fail('the home was not started');

  async function plan(app: App | undefined, name = app?.name): Promise<readonly Change[]> {
    const wanted = app ? platform.compile(app, target()).objects : [];
    const live = must(await home().observe(name === undefined ? {} : { app: name }));
    return must(
      diff(
        wanted,
        live.map((object) => platform.managed(object)),
        { home: 'a', reveal },
      ),
    );
  }

  async function write(app: App | undefined, { name, deployment, release }: WriteOptions) {
    const changes = await plan(app, name);
    const own = release ?? releaseOf(app ?? box(name ?? ''), deployment);
    must(await home().apply(changes, { release: own, deployment, reveal }));
    return changes;
  }

  async function settle(app: App, deployment: string, since = Date.now()): Promise<Readiness> {
    const deadline = Date.now() + 40_000;
    for (;;) {
      const look = must(await home().ready(app, { release: releaseOf(app, deployment), since }));
      if (look.done) return look;
      assert(Date.now() < deadline, `not done in time: ${look.why}`);
      await home().changed(app.name, 1_000);
    }
  }

  async function deploy(app: App, deployment: string): Promise<Readiness> {
    const since = Date.now();
    await write(app, { deployment });
    const look = await settle(app, deployment, since);
    assert(look.ok, `${look.why}\n${look.log?.join('\n')}`);
    return look;
  }

  async function endpoints(app: string, count: number): Promise<readonly Endpoint[]> {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 20_000);
    try {
      for await (const list of home().endpoints(app, stop.signal)) {
        if (!isFailure(list) && list.length === count) return list;
      }
      return assert.fail(`${app} never had ${count} endpoints`);
    } finally {
      clearTimeout(late);
      stop.abort();
    }
  }

  async function remove(app: string, deployment = `remove-${app}`): Promise<void> {
    await write(undefined, { name: app, deployment });
    await until(`${app} is gone`, async () => must(await home().observe({ app })).length === 0);
  }

  return {
    suite,
    capabilities: platform.capabilities,
    async start() {
      running = await suite.start();
      connected = connect();
    },
    async stop() {
      await running?.stop();
    },
    root: () => place().root,
    settings: () => place().settings,
    home,
    again: connect,
    plan,
    write,
    settle,
    deploy,
    endpoints,
    remove,
  };
}

/** An app of one service that tells its version. */
export function box(name: string, service: Partial<Service> = {}, more: Partial<App> = {}): App {
  const version = more.version ?? '1.0.0';
  return {
    kind: 'App',
    name,
    version,
    environment: 'test1',
    stage: 'test',
    services: [
      {
        kind: 'Service',
        name,
        image: `test/box:${version}`,
        command: boxCommand,
        env: { LOGSTASH_TAG: `${name}-test` },
        resources: { cpus: 0.02, memory: 64, cpuLimit: 'soft' },
        instances: 1,
        port: 8080,
        health: {
          protocol: 'http',
          path: '/health',
          intervalMs: 1_000,
          timeoutMs: 1_000,
          failures: 3,
          graceMs: 10_000,
        },
        rollout: { minHealthy: 1, maxOver: 1, deadlineMs: 60_000 },
        killGraceMs: 2_000,
        ...service,
      },
    ],
    jobs: [],
    crons: [],
    routes: [],
    uses: [],
    ...more,
  };
}

export function releaseOf(app: App, deployment: string): Release {
  return { app: app.name, version: app.version, deployment, fingerprint: fingerprint(app) };
}

/** An address that is gone need not refuse: packets to it may just be lost. */
export async function ask({ host, port }: Endpoint, path = '/'): Promise<string> {
  const url = `http://${host}:${port}${path}`;
  const answer = must(await realHost().http.request({ url, timeoutMs: 3_000 }));
  return answer.body;
}

export function must<T>(value: T | Failure): T {
  if (isFailure(value)) assert.fail(`${value.code}: ${value.message} ${value.details ?? ''}`);
  return value as T;
}

export async function until(
  what: string,
  look: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await look())) {
    assert(Date.now() < deadline, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Says loudly what a platform cannot do; a lack of the platform is no lack of this machine, hence no skip. */
export function needs(t: TestContext, home: HomeUnderTest, capability: keyof Capabilities): boolean {
  if (home.capabilities[capability]) return true;
  t.diagnostic(`NOT TESTED: ${home.suite.platform.name} has no ${capability}`);
  return false;
}
