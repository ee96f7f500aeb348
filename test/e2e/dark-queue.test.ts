import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lacksRabbit, type Rabbit, startRabbit } from '../support/rabbitmq.ts';
import { type Bench, type Json, openFolder, without } from './harness.ts';
import { consumed, fill, openApp, reside, running } from './queues.ts';

/*
 * One environment, two homes, and a real RabbitMQ: who takes which message. Apps write down every message that they
 * take, with the home and the vhost they took it in.
 */
const skip = without('mesos') || without('local') || lacksRabbit();

describe('queues in an environment with two homes', { skip }, () => {
  const stack = new AsyncDisposableStack();
  let rabbit: Rabbit;
  let bench: Bench;

  before(async () => {
    rabbit = stack.use(await startRabbit());
    bench = stack.use(openFolder());
    await fill(bench, rabbit);
  });
  after(() => stack.disposeAsync());

  test('a dark home runs on a twin vhost, and takes its part from its first share on', async () => {
    const orders = await openApp(rabbit, bench, 'orders');
    await bench.runs(0, 'deploy', 'orders:1', '-e', 'twin');
    const dark = await bench.json('deploy', 'orders:1', '-e', 'twin.local');
    assert.match(step(dark, 'ensure'), /local: the vhost orders-dark, permissions of orders in it/);
    assert.deepEqual(await orders.took(300, 2), { 'mesos orders': 300 });
    assert.deepEqual(await orders.took(5, 2, 'orders-dark'), { 'local orders-dark': 5 });

    // A second time there is nothing to make, and nobody's permissions are touched.
    await rabbit.ask('permissions/orders-dark/orders', 'PUT', { configure: '.*', write: '', read: '.*' });
    const again = await bench.json('deploy', 'orders:1', '-e', 'twin');
    assert.match(step(again, 'ensure'), /nothing had to be made/);
    assert.equal(step(again, 'check'), 'nothing to change');
    assert.deepEqual(await rabbit.ask('permissions/orders-dark/orders'), {
      user: 'orders',
      vhost: 'orders-dark',
      configure: '.*',
      write: '',
      read: '.*',
    });

    await reside(bench, 'orders', { mesos: [90, true], local: [10, false] });
    const plan = await bench.json('plan', 'orders:1', '-e', 'twin');
    assert.deepEqual(
      [...new Set(plan.changes.map(({ home }: Json) => home))],
      ['local'],
      'the other is as it was',
    );
    await bench.runs(0, 'deploy', 'orders:1', '-e', 'twin');
    const shared = await orders.took(300, 4);
    assert.deepEqual(Object.keys(shared).sort(), ['local orders', 'mesos orders']);
    await consumed(rabbit, 'orders-dark', 0);

    // More of the same changes nothing; none of it again makes it dark again.
    await reside(bench, 'orders', { mesos: [40, true], local: [60, false] });
    assert.deepEqual((await bench.json('plan', 'orders:1', '-e', 'twin')).changes, []);
    await reside(bench, 'orders', { mesos: [100, true], local: [0, false] });
    await bench.runs(0, 'deploy', 'orders:1', '-e', 'twin');
    assert.deepEqual(await orders.took(100, 2), { 'mesos orders': 100 });
  });

  test('a single consumer is in the home on duty, whatever the shares', async () => {
    const ledger = await openApp(rabbit, bench, 'ledger');
    await bench.runs(0, 'deploy', 'ledger:1', '-e', 'twin');
    await bench.runs(0, 'deploy', 'ledger:1', '-e', 'twin.local');
    assert.deepEqual(await ledger.took(100, 1), { 'mesos ledger': 100 });

    await reside(bench, 'ledger', { mesos: [0, true], local: [100, false] });
    assert.deepEqual((await bench.json('plan', 'ledger:1', '-e', 'twin')).changes, []);
    assert.deepEqual(await ledger.took(100, 1), { 'mesos ledger': 100 });

    await reside(bench, 'ledger', { mesos: [0, false], local: [100, true] });
    await bench.runs(0, 'deploy', 'ledger:1', '-e', 'twin');
    assert.deepEqual(await ledger.took(100, 1), { 'local ledger': 100 });
    await consumed(rabbit, 'ledger-dark', 1);
  });

  test('the instances of a worker go with the shares; in a dark home one proves that it starts', async () => {
    const sorter = await openApp(rabbit, bench, 'sorter');
    await bench.runs(0, 'deploy', 'sorter:1', '-e', 'twin');
    await bench.runs(0, 'deploy', 'sorter:1', '-e', 'twin.local');
    assert.deepEqual(await running(bench, 'sorter'), { mesos: 3, local: 1 });
    assert.deepEqual(await sorter.took(100, 3), { 'mesos sorter': 100 });

    const at = async (mesos: [number, boolean], local: [number, boolean]) => {
      await reside(bench, 'sorter', { mesos, local });
      await bench.runs(0, 'deploy', 'sorter:1', '-e', 'twin');
      return await running(bench, 'sorter');
    };
    assert.deepEqual(await at([50, true], [50, false]), { mesos: 2, local: 2 });
    assert.deepEqual(Object.keys(await sorter.took(200, 4)).sort(), ['local sorter', 'mesos sorter']);
    assert.deepEqual(await at([0, true], [100, false]), { mesos: 0, local: 3 });
    assert.deepEqual(await sorter.took(100, 3), { 'local sorter': 100 });
    assert.deepEqual(await at([0, false], [100, true]), { mesos: 1, local: 3 });
    assert.deepEqual(await sorter.took(100, 3), { 'local sorter': 100 });
  });

  test('a worker without a queue does not run in the dark, and is deployed there all the same', async () => {
    await bench.runs(0, 'deploy', 'sweeper:1', '-e', 'twin');
    const dark = await bench.json('deploy', 'sweeper:1', '-e', 'twin.local');
    assert.deepEqual([dark.status, step(dark, 'rollout')], ['done', 'local: 0 of 0 running']);
    assert.deepEqual(await running(bench, 'sweeper'), { mesos: 2, local: 0 });
  });

  test('without a twin nothing is deployed to a dark home', async () => {
    const file = join(bench.folder, 'services/orders.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('env: {', `env: {RMQ_URL: "amqp://${rabbit.amqp}/orders", `));
    const refused = await bench.runs(2, 'deploy', 'orders:2', '-e', 'twin.local');
    assert.match(
      refused.stderr,
      /orders must take no real work in twin\.local, but would: its manifest says/,
    );
    writeFileSync(file, text);
  });
});

function step({ steps }: Json, name: string): string {
  return steps.find((one: Json) => one.name === name).message;
}
