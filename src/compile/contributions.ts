import type { Contribution, Feature } from '../features/feature.ts';
import type { Manifest, Reader } from '../manifest/manifest.ts';
import { type Note, note } from '../model/note.ts';

/** Whose it is. */
export interface Named {
  readonly feature: string;
}

export interface Contributions {
  readonly parts: readonly (Contribution & Named)[];
  readonly notes: readonly Note[];
}

/** What every feature that the manifest uses gives, in the order of the features. */
export function contributions(
  features: readonly Feature[],
  request: Reader,
  manifest: Manifest,
): Contributions {
  const parts = features.flatMap((feature) => {
    const part = feature.contribute(contextOf(feature, request, manifest));
    return part ? [{ ...part, feature: feature.name }] : [];
  });
  const notes = parts.flatMap((part) => [...(part.notes ?? []), ...notConfigured(part, request, manifest)]);
  return { parts, notes };
}

function contextOf({ name }: Feature, { app, version, environment }: Reader, manifest: Manifest) {
  const { domain } = environment;
  return {
    app,
    version,
    environment: environment.name,
    stage: environment.stage,
    ...(domain ? { domain } : {}),
    values: manifest.features[name] ?? {},
    settings: Object.hasOwn(environment.features, name) ? environment.features[name] : undefined,
    place: (...path: readonly (string | number)[]) => manifest.place(path),
  };
}

function notConfigured(
  { unconfigured, feature }: Contribution & Named,
  { app, environment }: Reader,
  manifest: Manifest,
): Note[] {
  if (unconfigured === undefined) return [];
  const message = `${app} uses ${feature}, which ${environment.name} does not configure; it would run without it.`;
  return [
    note('feature-not-configured', 'error', message, {
      hint: `add features: {${feature}: …} to rehome.yaml`,
      place: manifest.place([unconfigured]),
      subject: `feature ${feature}`,
    }),
  ];
}
