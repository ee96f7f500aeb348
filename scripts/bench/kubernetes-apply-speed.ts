import { realHost } from '../../src/host/real.ts';
import { type Failure, isFailure } from '../../src/model/failure.ts';
import type { Change, NativeObject } from '../../src/model/native.ts';
import { fingerprint } from '../../src/model/release.ts';
import { diff } from '../../src/plan/diff.ts';
import { kindNamed } from '../../src/platforms/kubernetes/kinds.ts';
import { kubernetes } from '../../src/platforms/kubernetes/platform.ts';
import type { Home } from '../../src/platforms/platform.ts';
import type { Sent } from './bare-client.ts';
import type { Figure } from './bench.ts';
import { bankOf, settingsOf } from './kubernetes-models.ts';
import type { Place } from './kubernetes-place.ts';
import { median } from './median.ts';

const rounds = 5;
const services = 40;

/**
 * 40 services of six objects each, into an empty namespace and then again unchanged, turn and turn about with a bare
 * client that sends the same bodies. Replicas are 0: what is measured are requests, not pods.
 */
export async function applySpeed(place: Place): Promise<Figure[]> {
  const apps = bankOf(services);
  const first: number[] = [];
  const again: number[] = [];
  const seconds: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const bare = await bareRound(place, apps);
    const ours = await ourRound(place, apps);
    // The first round loads code and warms the server up.
    if (round === 0) continue;
    first.push(ours.first / bare.first);
    again.push(ours.again / bare.again);
    seconds.push(`${s(ours.first)}/${s(bare.first)} and ${s(ours.again)}/${s(bare.again)}`);
  }
  const details = `ours/bare in s: ${seconds.at(-1)}; median of ${rounds - 1}`;
  return [
    ratio('Kubernetes: first apply of 40 × 6 objects', median(first), 1.3, details),
    ratio('Kubernetes: the same again, unchanged', median(again), 0.4, details),
  ];
}

function ratio(name: string, value: number, limit: number, details: string): Figure {
  return { name, value, unit: '×', limit: `${limit} × a bare client`, ok: value <= limit, details };
}

type Apps = ReturnType<typeof bankOf>;

async function bareRound(place: Place, apps: Apps) {
  const namespace = await place.namespace();
  const sent = apps.flatMap(({ objects }) => objects.map((object) => bareOf(object, namespace)));
  const first = await timed(() => place.bare.applyAll(sent));
  const again = await timed(() => place.bare.applyAll(sent));
  return { first, again };
}

function bareOf({ kind, id, body }: NativeObject, namespace: string): Sent {
  const { apiVersion, plural } = kindNamed(kind);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return { path: `${root}/namespaces/${namespace}/${plural}/${id}`, body };
}

async function ourRound(place: Place, apps: Apps) {
  const namespace = await place.namespace();
  const home = kubernetes.connect(settingsOf(place, namespace), {
    host: realHost(),
    environment: 'bench',
    home: 'k8s',
    root: process.cwd(),
    reveal: ({ ref }) => ref,
  });
  const first = await timed(() => ourPass(home, apps, 240));
  const again = await timed(() => ourPass(home, apps, 0));
  return { first, again };
}

/** One look at the home, one comparison, and what differs is written app by app, all apps at once. */
async function ourPass(home: Home, apps: Apps, expected: number): Promise<void> {
  const live = must(await home.observe({}));
  const wanted = apps.flatMap(({ objects }) => objects);
  const managed = live.map((object) => kubernetes.managed(object));
  const changes = must(diff(wanted, managed, { home: 'k8s', reveal: ({ ref }) => ref }));
  if (changes.length !== expected)
    throw new Error(`${changes.length} changes: ${JSON.stringify(changes[0])}`);
  await Promise.all(
    apps.map(async ({ app, objects }) => {
      const own = changes.filter((change: Change) =>
        objects.some(({ kind, id }) => change.after?.kind === kind && change.after.id === id),
      );
      if (own.length === 0) return;
      const release = {
        app: app.name,
        version: app.version,
        deployment: 'bench',
        fingerprint: fingerprint(app),
      };
      must(await home.apply(own, { release, reveal: ({ ref }) => ref }));
    }),
  );
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

function must<T>(value: T | Failure): T {
  if (isFailure(value)) throw new Error(`${value.message} ${value.details ?? ''}`);
  return value as T;
}

function s(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
