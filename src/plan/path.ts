/** Path of a key inside `parent`: `env.LOGSTASH_TAG`, and `labels["a.b"]` where a dot would mislead. */
export function keyPath(parent: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** What stands at a path inside a value; undefined where nothing does. */
export function valueAt(value: unknown, path: string): unknown {
  const keys = path.match(/\[\d+\]|\["(?:[^"\\]|\\.)*"\]|[\w-]+/g) ?? [];
  return keys.reduce<unknown>((part, token) => {
    if (typeof part !== 'object' || part === null) return undefined;
    const key = token.startsWith('[') ? String(JSON.parse(token)[0]) : token;
    return Object.hasOwn(part, key) ? (part as Readonly<Record<string, unknown>>)[key] : undefined;
  }, value);
}
