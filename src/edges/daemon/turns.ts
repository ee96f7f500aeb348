/** Changes of one thing come one after the other. */
export function takeTurns(): <T>(key: string, action: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, action) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(action);
    last.set(
      key,
      turn.catch(() => {}),
    );
    return turn;
  };
}
