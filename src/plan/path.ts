/** Path of a key inside `parent`: `env.LOGSTASH_TAG`, and `labels["a.b"]` where a dot would mislead. */
export function keyPath(parent: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}
