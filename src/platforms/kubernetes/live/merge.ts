/** Streams that come together in one, in the order in which their values come; more may join at any time. */
export interface Merge<T> {
  add(stream: AsyncIterable<T>): void;
  /** Gives a value in beside the streams. */
  push(value: T): void;
  /** Nothing comes any more. */
  end(): void;
  /** Ends with `end`. */
  readonly values: AsyncIterable<T>;
}

export function merge<T>(): Merge<T> {
  const waiting: T[] = [];
  let isOver = false;
  let wake = () => {};

  function push(value: T): void {
    if (!isOver) waiting.push(value);
    wake();
  }

  async function pump(stream: AsyncIterable<T>): Promise<void> {
    for await (const value of stream) {
      if (isOver) return;
      push(value);
    }
  }

  async function* drain(): AsyncIterable<T> {
    for (;;) {
      yield* waiting.splice(0);
      if (waiting.length > 0) continue;
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    add: (stream) => void pump(stream),
    push,
    end() {
      isOver = true;
      wake();
    },
    values: drain(),
  };
}
