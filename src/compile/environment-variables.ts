import type { Contribution } from '../features/feature.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Workspace } from '../manifest/workspace.ts';
import { type Env, type EnvValue, isSecret } from '../model/app.ts';
import type { Place } from '../model/note.ts';
import { fillPlaceholders, type Placeholders } from '../model/placeholders.ts';

/** Where each variable comes from; looked up only when somebody asks. */
export type Origins = Map<string, () => Place | undefined>;

/**
 * The app's environment: the conventions' variables, over them the addresses of the apps it uses and the
 * bindings of its features, over them the manifest's own variables. Sorted, so that the order of keys in a file changes
 * nothing.
 */
export function variablesOf(
  workspace: Workspace,
  manifest: Manifest,
  parts: readonly (Contribution & { readonly feature: string })[],
  uses: Env,
  fill: Placeholders,
  origins: Origins,
): Env {
  const env: Record<string, EnvValue> = {};
  const add = (from: Env, origin: (name: string) => Place | undefined): void => {
    for (const [name, value] of Object.entries(from)) {
      env[name] = value;
      origins.set(name, () => origin(name));
    }
  };
  add(filled(workspace.conventions.env, fill), (name) => workspace.place(['conventions', 'env', name]));
  add(uses, () => manifest.place(['uses']));
  for (const { feature, env: bindings = {} } of parts)
    add(bindings, () => workspace.place(['features', feature]));
  add(manifest.application.env ?? {}, (name) => manifest.place(['env', name]));
  return Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filled(env: Env, fill: Placeholders): Env {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      isSecret(value) ? value : fillPlaceholders(value, fill),
    ]),
  );
}
