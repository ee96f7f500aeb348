import type { Clock } from '../host/host.ts';
import type { Listener } from './listener.ts';

/** What was heard of a subject when it was last looked at. */
export type Marks = Map<string, string>;

/** Without events a home is looked at this often, ms. */
const pollMs = 300;

interface Ears {
  readonly listener: Listener;
  readonly clock: Clock;
}

/** Keeps in mind what is known before a look, so that nothing which comes after it is missed. */
export function markLook({ listener }: Ears, marks: Marks, subject: string): void {
  marks.set(subject, listener.mark(subject));
}

/** See `Home.changed`: returns at once where something was heard since the last look. */
export async function changed(
  { listener, clock }: Ears,
  marks: Marks,
  subject: string,
  atMostMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const wake = new AbortController();
  const isNews = () => listener.mark(subject) !== (marks.get(subject) ?? '');
  const stop = listener.listen(() => {
    if (isNews()) wake.abort();
  });
  try {
    if (listener.connected() && marks.has(subject) && isNews()) return;
    const ms = listener.connected() ? atMostMs : Math.min(atMostMs, pollMs);
    await clock.sleep(ms, signal ? AbortSignal.any([signal, wake.signal]) : wake.signal);
  } finally {
    stop();
  }
}
