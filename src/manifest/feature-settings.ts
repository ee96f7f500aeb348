import { type Failure, fail, isFailure } from '../model/failure.ts';
import { findPlugin } from './find-plugin.ts';
import { keysAt, readSettings } from './read-settings.ts';
import type { FeatureKeys } from './workspace.ts';
import { type Field, lookUp, placeOf, type Tree } from './yaml/tree.ts';

/** Settings of features in one environment: the common ones with its own laid over, checked as one. */
export function readFeatures(
  tree: Tree,
  environment: string,
  features: readonly FeatureKeys[],
  failures: Failure[],
): Record<string, unknown> {
  const [common, own] = [['features'], ['environments', environment, 'features']];
  const settings: Record<string, unknown> = {};
  for (const name of new Set([...keysAt(tree, common), ...keysAt(tree, own)])) {
    const fields = [fieldAt(tree, [...common, name]), fieldAt(tree, [...own, name])];
    const at = fields[1]?.at ?? fields[0]?.at ?? tree.at;
    const feature = findPlugin(features, name, 'unknown-feature', tree, []);
    if (isFailure(feature)) failures.push({ ...feature, place: placeOf(at) });
    else {
      const read = readFeature(feature, fields, failures);
      if (read) settings[name] = read;
    }
  }
  return settings;
}

/** Undefined where the environment says that it lacks the feature, and where something is wrong. */
function readFeature(
  { name, settings }: FeatureKeys,
  layers: readonly (Field | undefined)[],
  failures: Failure[],
): Record<string, unknown> | undefined {
  const given = layers.filter((field) => field !== undefined);
  const top = given.at(-1);
  if (!top || isOff(top)) return undefined;
  const wrong = given.filter((field) => !isOff(field) && field.value.kind !== 'mapping');
  const message = `The settings of feature \`${name}\` must be a mapping, or false for none.`;
  failures.push(
    ...wrong.map(({ at }) => fail('wrong-type', message, { place: placeOf(at), expected: 'a mapping' })),
  );
  if (wrong.length > 0) return undefined;
  if (!settings) {
    failures.push(
      fail('unknown-feature', `The feature \`${name}\` has nothing to configure.`, {
        place: placeOf(top.at),
      }),
    );
    return undefined;
  }
  const fields = new Map(given.flatMap(({ value }) => (value.kind === 'mapping' ? [...value.fields] : [])));
  return readSettings(
    { name, settings },
    { kind: 'mapping', at: top.at, fields },
    ['features', name],
    failures,
  );
}

function isOff({ value }: Field): boolean {
  return value.kind === 'scalar' && value.value === false;
}

function fieldAt(tree: Tree, path: readonly string[]): Field | undefined {
  const parent = lookUp(tree, path.slice(0, -1));
  return parent?.kind === 'mapping' ? parent.fields.get(path.at(-1) ?? '') : undefined;
}
