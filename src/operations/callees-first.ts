/** Something to do for an app, which uses others. */
export interface Dependent {
  readonly app: string;
  readonly uses: readonly string[];
}

/**
 * Does the work for every item, at most `parallel` at a time, an app only after those of the others that it uses: its
 * tests may call them. Uses have no circles, the manifests' check sees to that.
 */
export async function calleesFirst<T extends Dependent>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const unfinished = new Set(items.map(({ app }) => app));
  let progress = Promise.withResolvers<void>();

  function takeNext(): T | undefined {
    const index = waiting.findIndex(({ app, uses }) =>
      uses.every((used) => used === app || !unfinished.has(used)),
    );
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  }
  async function workOn(): Promise<void> {
    while (waiting.length > 0) {
      const item = takeNext();
      if (!item) {
        await progress.promise;
        continue;
      }
      await work(item);
      unfinished.delete(item.app);
      progress.resolve();
      progress = Promise.withResolvers<void>();
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, workOn));
}
