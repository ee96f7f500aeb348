import type { Links } from './links.ts';
import { marathonId } from './names.ts';

/** What was heard of an app when it was last looked at. */
export type Marks = Map<string, string>;

/** Without events a home is looked at this often, ms. */
const pollMs = 300;

/** Keeps in mind what is known before a look, so that nothing which comes after it is missed. */
export function markLook({ listener }: Links, marks: Marks, app: string): void {
  marks.set(app, listener.mark(marathonId(app)));
}

/** See `Home.changed`: returns at once where something was heard since the last look. */
export async function changed(
  { listener, clock }: Links,
  marks: Marks,
  app: string,
  atMostMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const wake = new AbortController();
  const stop = listener.listen(() => {
    if (isNews()) wake.abort();
  });
  const isNews = () => listener.mark(marathonId(app)) !== (marks.get(app) ?? '');
  try {
    if (listener.connected() && marks.has(app) && isNews()) return;
    const ms = listener.connected() ? atMostMs : Math.min(atMostMs, pollMs);
    await clock.sleep(ms, signal ? AbortSignal.any([signal, wake.signal]) : wake.signal);
  } finally {
    stop();
  }
}
