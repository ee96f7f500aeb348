import type { Resources } from '../../../model/app.ts';
import { type Json, number, record } from '../../json.ts';
import { cpuQuantity, memoryQuantity, parseQuantity } from '../compile/quantities.ts';
import { mebibytes } from '../compile/service-facts.ts';

export interface ReadResources {
  readonly resources: Resources;
  /** In words: what differs, and what is not said at all. */
  readonly differing: readonly string[];
  readonly unknown: readonly string[];
  /** `resources.limits.nvidia.com/gpu` */
  readonly foreign: readonly string[];
}

/** What Marathon gives where nothing is said. */
const fallback = { cpus: 0.1, memory: 128 };

/** A limit without a request is the request too. Facts of the model are believed while they come to the same. */
export function readResources(container: Json, model: Json): ReadResources {
  const { requests, limits } = record(container['resources']);
  const [asked, most] = [record(requests), record(limits)];
  const [cpus, cpuMost] = [parseQuantity(asked['cpu'] ?? most['cpu']), parseQuantity(most['cpu'])];
  const [memory, memoryAsked] = [mebibytes(most['memory'] ?? asked['memory']), mebibytes(asked['memory'])];
  const differing = [
    ...(cpuMost !== undefined && cpuMost !== cpus
      ? [`cpu is ${asked['cpu']} with a limit of ${most['cpu']}; the request is taken for both`]
      : []),
    ...(memory !== undefined && memoryAsked !== undefined && memory !== memoryAsked
      ? [`memory is ${asked['memory']} with a limit of ${most['memory']}; the limit is taken for both`]
      : []),
    ...(memory !== undefined && most['memory'] === undefined
      ? [`memory is ${asked['memory']} without a limit; it becomes one`]
      : []),
  ];
  const unknown = [...(cpus === undefined ? ['cpu'] : []), ...(memory === undefined ? ['memory'] : [])];
  return {
    resources: {
      cpus: told(model['cpus'], (fact) => parseQuantity(cpuQuantity(fact)), cpus) ?? fallback.cpus,
      memory: told(model['memory'], (fact) => mebibytes(memoryQuantity(fact)), memory) ?? fallback.memory,
      cpuLimit: most['cpu'] === undefined ? 'soft' : 'hard',
    },
    differing,
    unknown,
    foreign: [...others('requests', asked), ...others('limits', most), ...claims(container)],
  };
}

function told(
  value: unknown,
  rounded: (fact: number) => number | undefined,
  live: number | undefined,
): number | undefined {
  const fact = number(value);
  return fact !== undefined && rounded(fact) === live ? fact : live;
}

function others(kind: string, quantities: Json): readonly string[] {
  return Object.keys(quantities)
    .filter((name) => name !== 'cpu' && name !== 'memory')
    .map((name) => `resources.${kind}.${name}`);
}

function claims(container: Json): readonly string[] {
  return record(container['resources'])['claims'] === undefined ? [] : ['resources.claims'];
}
