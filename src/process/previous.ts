import { type App, type Env, isSecret, type SecretRef } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import type { NativeObject } from '../model/native.ts';
import { fingerprint, type Release } from '../model/release.ts';
import { diff } from '../plan/diff.ts';
import type { Reveal } from '../platforms/platform.ts';
import type { DeployContext, DeployHome } from './context.ts';

/** What a home ran before this deployment. */
export interface Previous {
  readonly app: App;
  readonly release: Release;
}

/** As the check journals it: the deployment that wrote it, where the store knows that; else what was read. */
export type Remembered = { readonly deployment: string } | Previous;

/**
 * What undoing returns to: the release that the store remembers, else what was read from the home before
 * anything was changed. Undefined where the app is new there.
 */
export async function previousOf(
  { store, outputs }: DeployContext,
  home: DeployHome,
): Promise<Previous | undefined | Failure> {
  const checked = outputs.get('check') as { previous?: Record<string, Remembered> } | undefined;
  const previous = checked?.previous?.[home.name];
  if (!previous || !('deployment' in previous)) return previous;
  const begun = await store.begun(previous.deployment);
  if (isFailure(begun)) return begun;
  const app = begun.models[home.name];
  return app && { app, release: releaseOf(app, previous.deployment) };
}

/** Whether an app runs anything: one that lives elsewhere is known by its address alone. */
export function runs({ services, crons }: App): boolean {
  return services.length + crons.length > 0;
}

/** Finds out what runs in a home, from its live objects. */
export async function rememberLive(
  context: DeployContext,
  home: DeployHome,
  live: readonly NativeObject[],
): Promise<Remembered | undefined | Failure> {
  const { store, reveal } = context;
  const last = await lastThatStands(context, home, live);
  if (last !== undefined) return isFailure(last) ? last : { deployment: last };
  const { apps, releases } = home.platform.read(live, home.target);
  const found = apps.find(({ name }) => name === home.app.name);
  if (!found) return undefined;
  const release = releases[found.name];
  if (release) {
    const begun = await store.begun(release.deployment);
    const wrote = !isFailure(begun) && begun.app === found.name && begun.models[home.name];
    if (wrote) return { deployment: release.deployment };
    if (isFailure(begun) && begun.code !== 'no-such-deployment') return begun;
  }
  return {
    app: hideSecrets(found, secretsOf(home.app, reveal)),
    release: release ?? releaseOf(found, 'unknown'),
  };
}

/**
 * The latest deployment that the store knows, where the home has just what that one wanted. A stamp tells of its own
 * object only, and a deployment may have changed others.
 */
async function lastThatStands(
  { store, app, environment, reveal }: DeployContext,
  { name, platform, target }: DeployHome,
  live: readonly NativeObject[],
): Promise<string | undefined | Failure> {
  const done = await store.deployments({ app, environment, status: 'done', shipped: true, limit: 1 });
  if (isFailure(done)) return done;
  const [last] = done;
  const begun = last && (await store.begun(last.deployment));
  if (isFailure(begun)) return begun;
  const model = begun?.models[name];
  if (!last || !model) return undefined;
  const changes = diff(platform.compile(model, target).objects, live.map(platform.managed), {
    home: name,
    reveal,
  });
  return !isFailure(changes) && changes.length === 0 ? last.deployment : undefined;
}

export function releaseOf(app: App, deployment: string): Release {
  const schema = app.schema === undefined ? {} : { schema: app.schema };
  return { app: app.name, version: app.version, deployment, fingerprint: fingerprint(app), ...schema };
}

type Secrets = ReadonlyMap<string, SecretRef>;

function secretsOf(app: App, reveal: Reveal): Secrets {
  const workloads = [...app.services, ...app.jobs, ...app.crons];
  const refs = workloads.flatMap(({ env }) => Object.values(env)).filter(isSecret);
  return new Map(
    refs.flatMap((ref) => {
      const value = reveal(ref);
      return isFailure(value) ? [] : [[value, ref] as const];
    }),
  );
}

function hideSecrets(app: App, secrets: Secrets): App {
  const hide = <T extends { readonly env: Env }>(workload: T): T => ({
    ...workload,
    env: Object.fromEntries(
      Object.entries(workload.env).map(([name, value]) => [
        name,
        isSecret(value) ? value : (secrets.get(value) ?? value),
      ]),
    ),
  });
  return { ...app, services: app.services.map(hide), jobs: app.jobs.map(hide), crons: app.crons.map(hide) };
}
