import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeClock, fakeClock, fakeHost, fakeHttp } from '../../host/fake.ts';
import type { HttpRequest, ServerEvent } from '../../host/host.ts';
import { type Failure, fail, isFailure } from '../../model/failure.ts';
import { connect } from './home.ts';

/** A Marathon of one app, with or without a stream of events. */
function fakeMarathon(withEvents: boolean) {
  const clock = fakeClock();
  let tasks: readonly object[] = [];
  let broken: Failure | undefined;
  let wake: () => void = () => {};
  const queue: ServerEvent[] = [];
  const plain = fakeHttp(() => {
    const body = JSON.stringify({
      app: { id: '/hcn', healthChecks: [{ protocol: 'HTTP', maxConsecutiveFailures: 2 }], tasks },
    });
    return broken ?? { status: 200, headers: {}, body };
  });
  async function* events({ onOpen, signal }: HttpRequest): AsyncGenerator<ServerEvent | Failure> {
    if (!withEvents) return yield fail('refused', 'no events here');
    onOpen?.();
    while (!signal?.aborted) {
      const next = queue.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const host = fakeHost({ clock, http: { ...plain, events } });
  const home = connect(
    { marathon: 'http://m' },
    { host, environment: 'e', home: 'h', root: '/', reveal: () => '' },
  );
  return {
    clock,
    home,
    show: (...now: readonly object[]) => (tasks = now),
    spoil: (failure: Failure | undefined) => (broken = failure),
    tell(event: string, data: object) {
      queue.push({ event, data: JSON.stringify(data) });
      wake();
    },
  };
}

const good = { alive: true, firstSuccess: 'x', consecutiveFailures: 0 };
const bad = { alive: false, firstSuccess: 'x', consecutiveFailures: 1 };
const task = (id: string, results: readonly object[] = [good]) => ({
  id,
  state: 'TASK_RUNNING',
  host: 'h',
  ports: [1],
  healthCheckResults: results,
});

/** The next value, while time passes. */
async function next(clock: FakeClock, values: AsyncIterator<unknown>): Promise<unknown> {
  let value: { readonly now: unknown } | undefined;
  void values.next().then((result) => {
    const list = result.value as { id: string }[] | Failure;
    value = { now: isFailure(list) ? list.code : list?.map(({ id }) => id) };
  });
  for (let n = 0; !value && n < 1_000; n++) await clock.advance(100);
  return value?.now;
}

test('without events the app is looked at from time to time, and a failure is passed on', async () => {
  const { clock, home, show, spoil } = fakeMarathon(false);
  const stop = new AbortController();
  const values = home.endpoints('hcn', stop.signal)[Symbol.asyncIterator]();
  show(task('a'));
  assert.deepEqual(await next(clock, values), ['a']);
  show(task('a'), task('b'), task('c', []), { ...task('d'), state: 'TASK_STAGING' });
  assert.deepEqual(await next(clock, values), ['a', 'b']);
  spoil(fail('unreachable', 'gone'));
  assert.equal(await next(clock, values), 'unreachable');
  spoil(undefined);
  show(task('b'));
  assert.deepEqual(await next(clock, values), ['b']);
  stop.abort();
  assert.equal(await next(clock, values), undefined);
});

test('an instance leaves with the event that ends it, before Marathon shows so, and never comes back', async () => {
  const { clock, home, show, tell } = fakeMarathon(true);
  const values = home.endpoints('hcn', new AbortController().signal)[Symbol.asyncIterator]();
  show(task('a'), task('b'));
  assert.deepEqual(await next(clock, values), ['a', 'b']);
  tell('status_update_event', { appId: '/hcn', taskId: 'a', taskStatus: 'TASK_KILLING' });
  assert.deepEqual(await next(clock, values), ['b']);
  show(task('a'), task('b'), task('c'));
  tell('health_status_changed_event', { appId: '/hcn', alive: true });
  assert.deepEqual(await next(clock, values), ['b', 'c']);
});

test('an ill instance leaves; where all fall ill at once, those that were well and are not due stay', async () => {
  const { clock, home, show } = fakeMarathon(false);
  const values = home.endpoints('hcn', new AbortController().signal)[Symbol.asyncIterator]();
  show(task('a'), task('b'), task('c'));
  assert.deepEqual(await next(clock, values), ['a', 'b', 'c']);
  show(task('a', [bad]), task('b'), task('c'));
  assert.deepEqual(await next(clock, values), ['b', 'c']);
  show(task('a', [bad]), task('b', [bad]), task('c', [{ ...bad, consecutiveFailures: 2 }]));
  assert.deepEqual(await next(clock, values), ['a', 'b']);
});
