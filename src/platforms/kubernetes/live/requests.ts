import { list, record } from '../../json.ts';
import type { Pod } from './pod.ts';

/** `500m cpu, 512Mi memory`: what the containers of a pod ask for, each in its own words. */
export function requests({ spec }: Pod): string {
  const asked = list(spec['containers']).flatMap((container) =>
    Object.entries(record(record(container['resources'])['requests'])).map(
      ([name, amount]) => `${amount} ${name}`,
    ),
  );
  return asked.join(', ') || 'nothing';
}

/** Memory that a container of a pod may take: `64Mi`. */
export function memoryLimit({ spec }: Pod, container: string): string | undefined {
  const found = list(spec['containers']).find(({ name }) => name === container);
  const limit = record(record(found?.['resources'])['limits'])['memory'];
  return limit === undefined ? undefined : String(limit);
}
