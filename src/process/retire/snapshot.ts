import { type App, type Env, isSecret, type SecretRef } from '../../model/app.ts';
import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import type { Release } from '../../model/release.ts';
import { diff } from '../../plan/diff.ts';
import type { Snapshot } from '../../store/retirements.ts';
import type { DeployContext, DeployHome } from '../context.ts';
import { runs } from '../previous.ts';

type Content = Pick<Snapshot, 'objects' | 'model' | 'release'>;

/** An app in a home as it is, with nothing secret in it. `refs` are references that the app's manifest names. */
export async function contentOf(
  context: DeployContext,
  home: DeployHome,
  live: readonly NativeObject[],
  refs: readonly string[],
): Promise<Content | Failure> {
  const { apps, releases } = home.platform.read(live, home.target);
  const found = apps.find(({ name }) => name === context.app);
  const release = releases[context.app];
  const model = await modelOf(context, home, found, release);
  if (isFailure(model)) return model;
  const known = [...new Set([...refs, ...refsIn(model)])];
  const objects = live.map((object) => hiddenIn(context, home, object, known));
  const failure = objects.find(isFailure);
  if (failure) return failure;
  return {
    objects: objects.flatMap((one) => (isFailure(one) ? [] : [one])),
    ...(model ? { model: hideSecrets(model, secretsOf(context, known)) } : {}),
    ...(release ? { release } : {}),
  };
}

/** As it was deployed, where the store knows that; else as it is read back. */
async function modelOf(
  { store, app }: DeployContext,
  { name }: DeployHome,
  found: App | undefined,
  release: Release | undefined,
): Promise<App | undefined | Failure> {
  const begun = release && (await store.begun(release.deployment));
  if (isFailure(begun) && begun.code !== 'no-such-deployment') return begun;
  const deployed = begun && !isFailure(begun) && begun.app === app ? begun.models[name] : undefined;
  return deployed ?? (found && runs(found) ? found : undefined);
}

/** With a secret that cannot be looked up, only what rehome itself wrote can be kept: there its place is known. */
function hiddenIn(
  context: DeployContext,
  { name, platform }: DeployHome,
  object: NativeObject,
  refs: readonly string[],
): NativeObject | Failure {
  const managed = platform.managed(object);
  const own = [...new Set([...refs, ...Object.values(managed.secrets ?? {})])];
  const secrets = secretsOf(context, own);
  if (secrets.length < own.length) {
    const [removal] = asFew(diff([], [managed], { home: name, reveal: context.reveal }));
    if (removal?.before) return hidden(context, removal.before, secrets);
  }
  return hidden(context, object, secrets);
}

function asFew<T>(list: readonly T[] | Failure): readonly T[] {
  return isFailure(list) ? [] : list;
}

type Secret = readonly [value: string, ref: SecretRef];

function secretsOf({ reveal }: DeployContext, refs: readonly string[]): readonly Secret[] {
  return refs.flatMap((ref) => {
    const secret: SecretRef = { kind: 'Secret', ref };
    const value = reveal(secret);
    return isFailure(value) ? [] : [[value, secret] as const];
  });
}

function hidden({ mask }: DeployContext, object: NativeObject, secrets: readonly Secret[]): NativeObject {
  const words = secrets.flatMap(([value, { ref }]) => [
    [value, `(${ref})`] as const,
    [Buffer.from(value).toString('base64'), `(${ref})`] as const,
  ]);
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') return words.find(([word]) => word === value)?.[1] ?? part(value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item)]));
  };
  const part = (text: string) =>
    mask(
      words.filter(([word]) => word.length >= 4).reduce((all, [word, by]) => all.replaceAll(word, by), text),
    );
  return { kind: object.kind, id: object.id, body: hide(object.body) as NativeObject['body'] };
}

function refsIn(app: App | undefined): readonly string[] {
  const workloads = app ? [...app.services, ...app.jobs, ...app.crons] : [];
  return workloads
    .flatMap(({ env }) => Object.values(env))
    .flatMap((one) => (isSecret(one) ? [one.ref] : []));
}

function hideSecrets(app: App, secrets: readonly Secret[]): App {
  const hide = <T extends { readonly env: Env }>(workload: T): T => ({
    ...workload,
    env: Object.fromEntries(
      Object.entries(workload.env).map(([name, value]) => [
        name,
        secrets.find(([text]) => text === value)?.[1] ?? value,
      ]),
    ),
  });
  return { ...app, services: app.services.map(hide), jobs: app.jobs.map(hide), crons: app.crons.map(hide) };
}
