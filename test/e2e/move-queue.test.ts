import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lacksRabbit, type Rabbit, startRabbit } from '../support/rabbitmq.ts';
import { type Bench, openFolder, without } from './harness.ts';
import { consumed, fill, openApp, running } from './queues.ts';

const skip = without('mesos') || without('local') || lacksRabbit();

describe('apps that consume a queue move while it fills', { skip }, () => {
  const stack = new AsyncDisposableStack();
  let rabbit: Rabbit;
  let bench: Bench;
  const move = (app: string) =>
    bench.runs(
      0,
      'move',
      app,
      '-e',
      'twin',
      '--to',
      'local',
      '--stages',
      '50,100',
      '--hold',
      '1s',
      '--soak',
      '1s',
    );

  before(async () => {
    rabbit = stack.use(await startRabbit());
    bench = stack.use(openFolder());
    await fill(bench, rabbit);
  });
  after(() => stack.disposeAsync());

  test('messages are taken once each, by both homes in between, and back again', async () => {
    const orders = await openApp(rabbit, bench, 'orders');
    await bench.runs(0, 'deploy', 'orders:1', '-e', 'twin');
    const taken = await orders.tookDuring(2, async () => void (await move('orders')));
    assert.deepEqual(Object.keys(taken), ['local orders', 'mesos orders']);
    assert.deepEqual(await orders.took(50, 2), { 'local orders': 50 });
    await consumed(rabbit, 'orders-dark', 2);
    await orders.tookDuring(
      2,
      async () => void (await bench.runs(0, 'move', 'back', 'orders', '-e', 'twin')),
    );
    assert.deepEqual(await orders.took(50, 2), { 'mesos orders': 50 });
  });

  test('a single consumer goes with the duty, a worker with the shares', async () => {
    for (const [app, instances] of [
      ['ledger', 1],
      ['sorter', 3],
    ] as const) {
      const queue = await openApp(rabbit, bench, app);
      await bench.runs(0, 'deploy', `${app}:1`, '-e', 'twin');
      const taken = await queue.tookDuring(instances, async () => void (await move(app)));
      assert.deepEqual(Object.keys(taken), [`local ${app}`, `mesos ${app}`]);
      assert.deepEqual(await running(bench, app), { mesos: 1, local: instances });
      assert.deepEqual(await queue.took(50, instances), { [`local ${app}`]: 50 });
    }
  });

  test('a twin that was named after the last change of the old home is the one it gets', async () => {
    const file = join(bench.folder, 'rehome.yaml');
    const text = readFileSync(file, 'utf8');
    const url = `amqp://mails@${rabbit.amqp}/mails`;
    writeFileSync(join(bench.folder, 'url'), url);
    const secret = text.replace(/ url: .*/, ' url: "file:url"');
    writeFileSync(file, secret);
    writeFileSync(
      join(bench.folder, 'services/mails.yml'),
      readFileSync(join(bench.folder, 'services/orders.yml'), 'utf8').replace(
        'app_name: orders',
        'app_name: mails',
      ),
    );
    const mails = await openApp(rabbit, bench, 'mails');
    await bench.runs(0, 'deploy', 'mails:1', '-e', 'twin');
    await bench.runs(2, 'deploy', 'mails:1', '-e', 'twin.local');
    writeFileSync(file, secret.replace(' url:', ` twin: "${url}-dark"\n    url:`));
    await bench.runs(0, 'deploy', 'mails:1', '-e', 'twin');
    await move('mails');
    assert.deepEqual(await mails.took(50, 2), { 'local mails': 50 });
  });
});
