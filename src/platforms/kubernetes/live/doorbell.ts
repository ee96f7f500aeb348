import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, record, text } from '../../json.ts';
import type { EventSource, Heard } from '../../listener.ts';
import type { Cluster, WatchEvent } from '../cluster.ts';
import { nameLabel } from '../compile/labels.ts';
import { kinds, others } from '../kinds.ts';
import { merge } from './merge.ts';
import { ours } from './selectors.ts';

const watched = [others.Pod, kinds.Deployment, others.Job];

/**
 * Watches of everything that a rollout or a task goes by, as one stream; its subjects are apps. It only says that
 * there is something to look at: whoever hears it lists. So a watch that was cut, or that came too late (410), costs
 * nothing but another connection and another look.
 */
export function doorbell(cluster: Cluster): EventSource {
  return {
    async *stream({ onOpen, background }) {
      const stop = new AbortController();
      const heard = merge<Heard | Failure | 'ended'>();
      let open = 0;
      const query = {
        labels: ours,
        signal: stop.signal,
        ...(background ? { background } : {}),
        onOpen() {
          open++;
          if (open === watched.length) onOpen?.();
        },
      };
      for (const kind of watched) heard.add(heardOn(cluster.watch(kind, query)));
      try {
        for await (const one of heard.values) {
          if (one === 'ended') return;
          yield one;
          if (isFailure(one)) return;
        }
      } finally {
        heard.end();
        stop.abort();
      }
    },
  };
}

async function* heardOn(watch: AsyncIterable<WatchEvent | Failure>) {
  for await (const event of watch) {
    if (isFailure(event)) yield event;
    else if (event.type !== 'BOOKMARK') yield heardIn(event);
  }
  yield 'ended' as const;
}

function heardIn({ type, object }: WatchEvent): Heard {
  const labels: Json = record(record(object['metadata'])['labels']);
  return { name: type, subjects: [text(labels[nameLabel]) ?? ''], data: object };
}
