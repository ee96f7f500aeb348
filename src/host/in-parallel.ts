import { type Failure, isFailure, together } from '../model/failure.ts';

/** More at once do not make a server faster. */
const atOnce = 16;

/** Does something with each, several at a time; after a failure nothing more is begun. All failures are told. */
export async function inParallel<T>(
  items: readonly T[],
  act: (item: T) => Promise<undefined | Failure>,
): Promise<undefined | Failure> {
  const left = [...items];
  const failures: Failure[] = [];
  async function work(): Promise<void> {
    for (let item = left.shift(); item !== undefined && failures.length === 0; item = left.shift()) {
      const failure = await act(item);
      if (isFailure(failure)) failures.push(failure);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return together(failures);
}
