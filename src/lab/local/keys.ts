/** `test1/hcn`: a name within its scope, as the key of one thing in this lab. */
export function keyOf(scope: string, name: string): string {
  return `${scope}/${name}`;
}

export function partsOf(key: string): { readonly scope: string; readonly name: string } {
  const cut = key.indexOf('/');
  return { scope: key.slice(0, cut), name: key.slice(cut + 1) };
}
