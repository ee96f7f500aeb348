import { type App, type Env, type EnvValue, isSecret } from '../model/app.ts';
import type { Release } from '../model/release.ts';
import { type Json, parseJson, record, text } from './json.ts';

/** Remarks on a native object: what the model says and the platform has no field for. See NativeObject. */
export type Remarks = Readonly<Record<string, string>>;

/** Remarks of one object of an app; `own` are those of the service or cron itself. */
export function remarksOf(app: App, own: Json): Remarks {
  const uses = app.uses.length > 0 ? { uses: app.uses } : {};
  const model = { stage: app.stage, ...uses, ...own };
  const schema: Remarks = app.schema === undefined ? {} : { schema: app.schema };
  return { app: app.name, version: app.version, ...schema, model: JSON.stringify(model) };
}

/** Everything that is written beside an object, so that the platform itself remembers what it runs. */
export function stampsOf(release: Release, remarks: Remarks | undefined, secrets: Json): Remarks {
  const { app, version, deployment, fingerprint, schema } = release;
  return {
    ...remarks,
    app,
    version,
    deployment,
    fingerprint,
    ...(schema === undefined ? {} : { schema }),
    ...(Object.keys(secrets).length > 0 ? { secrets: JSON.stringify(secrets) } : {}),
  };
}

/** The other way round. */
export interface Remembered {
  readonly app?: string;
  readonly version?: string;
  readonly schema?: string;
  /** Only of what rehome has written. */
  readonly release?: Release;
  /** Facts of the model. */
  readonly model: Json;
  /** References of secrets by the name of their env variable. */
  readonly secrets: Readonly<Record<string, string>>;
}

export function remembered(remarks: Remarks | undefined): Remembered {
  const { app, version, deployment, fingerprint, schema, model, secrets } = remarks ?? {};
  const optional = schema === undefined ? {} : { schema };
  const release = app && version && deployment && fingerprint;
  return {
    ...(app ? { app } : {}),
    ...(version ? { version } : {}),
    ...optional,
    ...(release ? { release: { app, version, deployment, fingerprint, ...optional } } : {}),
    model: record(parseJson(model ?? '')),
    secrets: texts(parseJson(secrets ?? '')),
  };
}

/** Facts of the whole app, which every object of it carries. */
export function appFacts({ model, schema }: Remembered): Pick<App, 'stage' | 'uses' | 'schema'> {
  const uses = Array.isArray(model['uses']) ? model['uses'].filter((name) => typeof name === 'string') : [];
  return { stage: text(model['stage']) ?? '', uses, ...(schema === undefined ? {} : { schema }) };
}

/** Only the pairs whose value is text. */
export function texts(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(record(value)).flatMap(([key, item]) =>
    typeof item === 'string' ? [[key, item] as const] : [],
  );
  return Object.fromEntries(pairs);
}

/** References in compiled bodies stay; in live ones the values of known secrets become references again. */
export function envOf(live: unknown, secrets: Readonly<Record<string, string>>): Env {
  const env: Record<string, EnvValue> = {};
  for (const [name, value] of Object.entries(record(live))) {
    const ref = secrets[name] ?? text(record(value)['ref']);
    if (ref !== undefined) env[name] = { kind: 'Secret', ref };
    else if (typeof value === 'string') env[name] = value;
  }
  return env;
}

/** References among the values of an env, compiled or of the model, by the name of their variable. */
export function secretRefs(env: Json | Env): Readonly<Record<string, string>> {
  const refs = Object.entries(env).flatMap(([name, value]) =>
    isSecret(value) ? [[name, value.ref] as const] : [],
  );
  return Object.fromEntries(refs);
}
