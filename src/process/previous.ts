import { type App, type Env, isSecret, type SecretRef } from '../model/app.ts';
import { type Failure, isFailure } from '../model/failure.ts';
import { fingerprint, type Release } from '../model/release.ts';
import type { Reveal } from '../platforms/platform.ts';
import type { DeployContext, DeployHome } from './context.ts';

/** What a home ran before this deployment. */
export interface Previous {
  readonly app: App;
  readonly release: Release;
}

/**
 * What undoing returns to: the release that the store remembers, else what was read from the home before
 * anything was changed. Undefined where the app is new there.
 */
export async function previousOf(
  context: DeployContext,
  home: DeployHome,
): Promise<Previous | undefined | Failure> {
  const id = context.options.previous[home.name];
  if (id === undefined) return found(context)[home.name];
  const begun = await context.store.begun(id);
  if (isFailure(begun)) return begun;
  const app = begun.models[home.name];
  if (!app) return found(context)[home.name];
  return { app, release: releaseOf(app, id) };
}

export function releaseOf(app: App, deployment: string): Release {
  const schema = app.schema === undefined ? {} : { schema: app.schema };
  return { app: app.name, version: app.version, deployment, fingerprint: fingerprint(app), ...schema };
}

function found({ outputs }: DeployContext): Readonly<Record<string, Previous>> {
  return (outputs.get('check') as { found?: Record<string, Previous> } | undefined)?.found ?? {};
}

/** Reads what runs in a home into the journal's form: values that are secrets become references again. */
export async function readLive(
  { platform, target, home, app }: DeployHome,
  reveal: Reveal,
  signal: AbortSignal,
): Promise<Previous | undefined | Failure> {
  const live = await home.observe({ app: app.name }, signal);
  if (isFailure(live)) return live;
  const { apps, releases } = platform.read(live, target);
  const found = apps.find(({ name }) => name === app.name);
  if (!found) return undefined;
  const release = releases[app.name] ?? releaseOf(found, 'unknown');
  return { app: hideSecrets(found, secretsOf(app, reveal)), release };
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
