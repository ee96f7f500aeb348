import { createHash } from 'node:crypto';
import { type Json, record, text } from '../json.ts';
import { type Kind, kinds, others } from './kinds.ts';
import type { KubernetesSettings } from './settings.ts';

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#applyset-kubernetes-io-part-of */
export const partOfLabel = 'applyset.kubernetes.io/part-of';
const kindsAnnotation = 'applyset.kubernetes.io/contains-group-kinds';

/** The parent of everything that rehome writes in a namespace. */
export const parentName = 'rehome';

/** Depends on nothing but the parent's address, so that everybody finds the same. */
export function applySetId(namespace: string): string {
  const address = `${parentName}.${namespace}.${others.ConfigMap.kind}.`;
  return `applyset-${createHash('sha256').update(address).digest('base64url')}-v1`;
}

/** The parent, as a body to apply, or undefined where `live` says it all. Kinds that it once had stay. */
export function applySetParent(
  settings: KubernetesSettings,
  namespace: string,
  live: Json | undefined,
): Json | undefined {
  const { annotations, labels } = record(live?.['metadata']);
  const before = (text(record(annotations)[kindsAnnotation]) ?? '').split(',').filter((kind) => kind !== '');
  const groupKinds = [...new Set([...before, ...written(settings).map(groupKind)])].sort();
  const id = applySetId(namespace);
  const known = record(labels)['applyset.kubernetes.io/id'];
  if (live && groupKinds.length === before.length && known === id) return undefined;
  return {
    apiVersion: others.ConfigMap.apiVersion,
    kind: others.ConfigMap.kind,
    metadata: {
      name: parentName,
      labels: { 'applyset.kubernetes.io/id': id },
      annotations: {
        'applyset.kubernetes.io/tooling': 'rehome/v1',
        [kindsAnnotation]: groupKinds.join(','),
      },
    },
  };
}

/** Kinds that a cluster may not know are named only where they are wanted: others would look for them in vain. */
function written({ gateway }: KubernetesSettings): readonly Kind[] {
  const { HTTPRoute, ...rest } = kinds;
  return [...Object.values(rest), ...(gateway ? [HTTPRoute] : [])];
}

function groupKind({ kind, apiVersion }: Kind): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : undefined;
  return group === undefined ? kind : `${kind}.${group}`;
}
