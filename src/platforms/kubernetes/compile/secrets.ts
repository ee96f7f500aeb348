import { type App, type Env, isSecret, type SecretRef } from '../../../model/app.ts';
import type { NativeObject } from '../../../model/native.ts';
import { hash, plainName } from '../../names.ts';
import { remarksOf } from '../../remarks.ts';
import { envSecretName } from '../names.ts';
import { labelsOf } from './labels.ts';

/** Keys in the Secret of an app by variable and reference. */
export interface SecretKeys {
  readonly secret: string;
  keyOf(variable: string, ref: string): string;
}

/** Where a variable is found: in an existing Secret of the cluster, `kubernetes:NAME/KEY`, or in the app's own. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

const inCluster = 'kubernetes:';

/** A key has the name of its variable, unless two workloads of the app mean different secrets by that. */
export function secretKeys(app: App): SecretKeys {
  const refs = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const [variable, { ref }] of ownSecrets(app)) {
    if ((refs.get(variable) ?? ref) !== ref) ambiguous.add(variable);
    refs.set(variable, ref);
  }
  return {
    secret: envSecretName(app.name),
    keyOf: (variable, ref) => (ambiguous.has(variable) ? hashedKey(variable, ref) : plainKey(variable)),
  };
}

/** The Secret with the values of all secrets of an app; none without any. */
export function compileSecret(app: App, keys: SecretKeys): NativeObject | undefined {
  const stringData: Record<string, SecretRef> = {};
  for (const [variable, secret] of ownSecrets(app)) {
    stringData[keys.keyOf(variable, secret.ref)] = { kind: 'Secret', ref: secret.ref };
  }
  if (Object.keys(stringData).length === 0) return undefined;
  const refs = Object.fromEntries(Object.entries(stringData).map(([key, { ref }]) => [key, ref]));
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: keys.secret, labels: labelsOf(app.name, 'env') },
    type: 'Opaque',
    stringData,
  };
  return { kind: 'Secret', id: keys.secret, body, remarks: withSecrets(remarksOf(app, {}), refs) };
}

/** References go beside an object as they go beside those of other platforms: see `stampsOf`. */
export function withSecrets(
  remarks: Readonly<Record<string, string>>,
  refs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.keys(refs).length > 0 ? { ...remarks, secrets: JSON.stringify(refs) } : remarks;
}

/** Annotations of a pod that change with its secrets, so that a changed secret restarts it. */
export function secretDigests(env: Env, keys: SecretKeys): Readonly<Record<string, SecretRef>> {
  const digests: Record<string, SecretRef> = {};
  for (const [variable, value] of Object.entries(env)) {
    if (!isSecret(value) || isInCluster(value.ref)) continue;
    const key = keys.keyOf(variable, value.ref);
    digests[digestAnnotation(key)] = { kind: 'Secret', ref: value.ref, digest: true };
  }
  return digests;
}

export const digestPrefix = 'rehome/secret-digest.';

/** The name of an annotation has at most 63 characters behind its prefix, and ends in a letter or digit. */
function digestAnnotation(key: string): string {
  const fits = key.length <= 48 && /[A-Za-z0-9]$/.test(key);
  return digestPrefix + (fits ? key : `${key.slice(0, 41)}-${hash(key)}`);
}

export function secretKeyOf(variable: string, ref: string, keys: SecretKeys): SecretKey {
  return inClusterKey(ref) ?? { name: keys.secret, key: keys.keyOf(variable, ref) };
}

/** Whether a key of the app's own Secret may stand for this variable and reference. */
export function isKeyOf(key: string, variable: string, ref: string): boolean {
  return key === plainKey(variable) || key === hashedKey(variable, ref);
}

export function isInCluster(ref: string): boolean {
  return ref.startsWith(inCluster);
}

/** Undefined for any other reference, and for one that is not whole. */
export function inClusterKey(ref: string): SecretKey | undefined {
  const [, name, key] = /^kubernetes:([a-z0-9.-]{1,253})\/([\w.-]{1,253})$/.exec(ref) ?? [];
  return name === undefined || key === undefined ? undefined : { name, key };
}

export function inClusterRef({ name, key }: SecretKey): string {
  return `${inCluster}${name}/${key}`;
}

function ownSecrets(app: App): readonly (readonly [string, SecretRef])[] {
  return [...app.services, ...app.crons]
    .flatMap(({ env }) => Object.entries(env))
    .flatMap(([variable, value]) =>
      isSecret(value) && !isInCluster(value.ref) ? [[variable, value] as const] : [],
    );
}

/** Letters, digits, `-`, `_` and `.` may stand in a key. */
function plainKey(variable: string): string {
  return /^[\w.-]{1,200}$/.test(variable) ? variable : plainName(variable);
}

function hashedKey(variable: string, ref: string): string {
  return `${plainKey(variable)}.${hash(ref)}`;
}
