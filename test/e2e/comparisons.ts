import type { Json } from './harness.ts';

/** Paths of an app's differences in a comparison, by verdict. */
export function pathsOf({ differences }: Json): Json {
  const paths: Record<string, string[]> = {};
  for (const { path, verdict } of differences) paths[verdict] = [...(paths[verdict] ?? []), path];
  return paths;
}
