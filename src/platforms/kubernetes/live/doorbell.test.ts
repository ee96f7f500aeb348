import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../host/fake.ts';
import { type Failure, fail } from '../../../model/failure.ts';
import { listenerOn, type News } from '../../listener.ts';
import type { Cluster, WatchEvent, WatchQuery } from '../cluster.ts';
import type { Kind } from '../kinds.ts';
import { doorbell } from './doorbell.ts';
import { merge } from './merge.ts';

/** One watch, spoken for by the test. */
interface Watch {
  readonly kind: Kind;
  readonly query: WatchQuery;
  say(event: WatchEvent | Failure): void;
  end(): void;
}

/** Watches as they are opened; nothing else of a cluster is used. */
function watches() {
  const opened: Watch[] = [];
  const watch: Cluster['watch'] = (kind, query) => {
    const { push, end, values } = merge<WatchEvent | Failure>();
    query.signal?.addEventListener('abort', end);
    opened.push({ kind, query, say: push, end });
    return values;
  };
  return { opened, cluster: { watch } as Cluster };
}

function pod(app: string): WatchEvent {
  return { type: 'MODIFIED', object: { metadata: { labels: { 'app.kubernetes.io/name': app } } } };
}

async function turns(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
}

function ears() {
  const { opened, cluster } = watches();
  const clock = fakeClock();
  const heard: News[] = [];
  const listener = listenerOn(doorbell(cluster), clock);
  const stop = listener.listen((news) => heard.push(news));
  return { opened, clock, heard, listener, stop };
}

test('three watches are one stream; it is open when all are, and tells whom something is about', async () => {
  const { opened, heard, listener, stop } = ears();
  await turns();
  assert.deepEqual(
    opened.map(({ kind }) => kind.plural),
    ['pods', 'deployments', 'jobs'],
  );
  const [pods, deployments, jobs] = opened;
  pods?.query.onOpen?.();
  deployments?.query.onOpen?.();
  assert.equal(listener.connected(), false);
  jobs?.query.onOpen?.();
  assert.equal(listener.connected(), true);
  const before = [listener.mark('hcn'), listener.mark('account')];
  pods?.say(pod('hcn'));
  pods?.say({ type: 'BOOKMARK', object: {} });
  await turns();
  assert.deepEqual(
    heard.map((news) => (news.type === 'event' ? news.subjects : news.type)),
    ['connected', ['hcn']],
  );
  assert.notEqual(listener.mark('hcn'), before[0]);
  assert.equal(listener.mark('account'), before[1]);
  stop();
});

const endings: Readonly<Record<string, (watch: Watch) => void>> = {
  'that ends': (watch) => watch.end(),
  'that has missed something (410)': (watch) => watch.say(fail('changes-missed', 'too old')),
  'that is cut': (watch) => watch.say(fail('unreachable', 'cut')),
};

for (const [how, lose] of Object.entries(endings)) {
  test(`a watch ${how} ends them all, and all are opened again`, async () => {
    const { opened, clock, heard, listener, stop } = ears();
    await turns();
    for (const { query } of opened) query.onOpen?.();
    const mark = listener.mark('hcn');
    const [, deployments] = opened;
    if (deployments) lose(deployments);
    await turns();
    assert.deepEqual(heard.at(-1), { type: 'lost' });
    assert(opened.every(({ query }) => query.signal?.aborted));
    assert.notEqual(listener.mark('hcn'), mark);
    await clock.advance(1_000);
    assert.equal(opened.length, 6);
    for (const { query } of opened.slice(3)) query.onOpen?.();
    assert.deepEqual(heard.at(-1), { type: 'connected' });
    stop();
  });
}
