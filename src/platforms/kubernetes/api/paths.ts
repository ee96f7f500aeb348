import type { Kind } from '../kinds.ts';

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** Address of all objects of a kind in a namespace, or of one of them, or of a part of one. */
export function pathOf(kind: Kind, namespace: string, name?: string, part?: string): string {
  const group = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const inside = kind.clusterWide ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const one = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${group}${inside}/${kind.plural}${one}${part === undefined ? '' : `/${part}`}`;
}

/** `?a=b`; without what has no value. */
export function queryOf(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
