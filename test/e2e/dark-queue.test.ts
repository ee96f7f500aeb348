import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { connect } from 'amqplib';
import { isFailure } from '../../src/model/failure.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import { lacksRabbit, type Rabbit, startRabbit } from '../support/rabbitmq.ts';
import { must } from '../support/workspace.ts';
import { type Bench, type Json, openFolder, until, without } from './harness.ts';

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

/** Four apps, and an environment with two homes for them. */
async function fill(bench: Bench, rabbit: Rabbit): Promise<void> {
  const write = (name: string, text: string) => writeFileSync(join(bench.folder, name), text);
  for (const folder of ['services', 'images/consumer', 'receipts'])
    mkdirSync(join(bench.folder, folder), { recursive: true });
  write('rehome.yaml', workspace(rabbit));
  write('admin', `${rabbit.admin}\n`);
  write('images/consumer/main.mjs', consumer);
  const receipts = join(bench.folder, 'receipts');
  const env = `env: {HOME_NAME: "{{ platform }}", RECEIPTS: "${receipts}/{{ app_name }}"}`;
  const app = (name: string, instances: number, more: string) =>
    write(
      `services/${name}.yml`,
      `application:\n  app_name: ${name}\n  test: {cpu: 0.1, mem: 64, instances: ${instances}}\n  ${env}\n${more}`,
    );
  app('orders', 2, '  rmq: True\n  health: False\n');
  app('ledger', 1, '  rmq: True\n  health: False\n  consumes: single\n');
  app('sorter', 3, '  rmq: True\n  worker: True\n');
  app('sweeper', 2, '  worker: True\n  command: exec sleep 1000\n');
  await bench.runs(0, 'lab', 'up');
}

const workspace = (rabbit: Rabbit) => `conventions:
  image: "test/{app}:{version}"
  command: "exec ${process.execPath} main.mjs"
  kill_grace: 5s
environments:
  twin:
    stage: test
    homes:
      mesos: { platform: mesos, marathon: lab, chronos: lab }
      local: { platform: local }
features:
  rmq:
    url: "amqp://{app}@${rabbit.amqp}/{app}"
    password: "file:admin"
    management: "${rabbit.management.replace('//', `//${rabbit.admin}@`)}"
    management_password: "file:admin"
images:
  "test/{app}:{version}": images/consumer
`;

/** Takes messages one at a time; on TERM it finishes the one it has. */
const consumer = `import { appendFileSync } from 'node:fs';
import { connect } from '${pathToFileURL(createRequire(import.meta.url).resolve('amqplib')).href}';
const url = new URL(process.env.RMQ_URL);
const vhost = decodeURIComponent(url.pathname.slice(1));
url.password = process.env.RMQ_PASSWORD;
const connection = await connect(url.href);
const channel = await connection.createChannel();
await channel.assertQueue('work', { durable: true });
await channel.prefetch(1);
const { consumerTag } = await channel.consume('work', (message) => {
  appendFileSync(process.env.RECEIPTS, [process.env.HOME_NAME, vhost, message.content].join(' ') + '\\n');
  channel.ack(message);
});
process.on('SIGTERM', async () => {
  await channel.cancel(consumerTag);
  await channel.close();
  await connection.close();
  process.exit(0);
});
`;

/** An app's user and vhost, and a way to see who takes what is sent to it. */
async function openApp(rabbit: Rabbit, bench: Bench, app: string) {
  await rabbit.ask(`users/${app}`, 'PUT', { password: rabbit.admin, tags: '' });
  await rabbit.ask(`vhosts/${app}`, 'PUT', {});
  for (const user of [app, rabbit.admin]) await rabbit.ask(`permissions/${app}/${user}`, 'PUT', all);
  const file = join(bench.folder, 'receipts', app);
  const taken = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
  let sent = 0;
  return {
    /** Sends so many messages, once so many consumers wait; how many were taken where, each of them once. */
    async took(count: number, consumers: number, vhost = app): Promise<Record<string, number>> {
      await consumed(rabbit, vhost, consumers);
      const before = taken().length;
      const first = sent;
      sent += count;
      await publish(
        rabbit,
        vhost,
        Array.from({ length: count }, (_, index) => String(first + index)),
      );
      await until(`${count} messages to ${vhost} are taken`, async () =>
        taken().length >= before + count ? true : undefined,
      );
      await consumed(rabbit, vhost, consumers);
      const all = taken().map((line) => line.split(' '));
      const numbers = all.map(([, , number]) => number);
      assert.equal(new Set(numbers).size, sent, 'none is missing');
      assert.equal(numbers.length, sent, 'none is taken twice');
      const counts: Record<string, number> = {};
      for (const [home, where] of all.slice(before))
        counts[`${home} ${where}`] = (counts[`${home} ${where}`] ?? 0) + 1;
      return counts;
    },
  };
}

async function publish(rabbit: Rabbit, vhost: string, messages: readonly string[]): Promise<void> {
  const connection = await connect(addressOf(rabbit, vhost));
  const channel = await connection.createConfirmChannel();
  for (const message of messages) channel.sendToQueue('work', Buffer.from(message));
  await channel.waitForConfirms();
  await connection.close();
}

/** Waits until so many consumers are at a queue and nothing is left in it, by the broker's word. */
async function consumed(rabbit: Rabbit, vhost: string, consumers: number): Promise<void> {
  await rabbit.ask(`permissions/${vhost}/${rabbit.admin}`, 'PUT', all);
  const connection = await connect(addressOf(rabbit, vhost));
  const channel = await connection.createChannel();
  await channel.assertQueue('work', { durable: true });
  let seen = '';
  const look = async () => {
    const { consumerCount, messageCount } = await channel.checkQueue('work');
    seen = `${consumerCount} consumers, ${messageCount} messages`;
    return consumerCount === consumers && messageCount === 0 ? true : undefined;
  };
  await until(`${consumers} consumers have emptied ${vhost}`, look).catch((error) => {
    throw new Error(`${error.message}: ${seen}`);
  });
  await connection.close();
}

function addressOf({ amqp, admin }: Rabbit, vhost: string): string {
  return `amqp://${admin}:${admin}@${amqp}/${vhost}`;
}

const all = { configure: '.*', write: '.*', read: '.*' };

/** Shares and duty by home, as a move would remember them. */
async function reside(
  { folder }: Bench,
  app: string,
  homes: Readonly<Record<string, readonly [number, boolean]>>,
): Promise<void> {
  const store = must(
    openSqliteStore(join(folder, '.rehome/state.db'), { now: Date.now, alive: () => undefined }),
  );
  const listed = Object.entries(homes).map(([home, [share, duty]]) => ({
    home,
    share,
    duty,
    phase: 'settled',
  }));
  const failure = await store.saveResidence({ app, environment: 'twin', homes: listed });
  store.close();
  assert.ok(!isFailure(failure), JSON.stringify(failure));
}

async function running(bench: Bench, app: string): Promise<Record<string, number>> {
  const { apps } = await bench.json('status', app, '-e', 'twin');
  const homes: readonly Json[] = apps[0].homes;
  return Object.fromEntries(homes.map(({ home, instances }) => [home, instances.running]));
}

function step({ steps }: Json, name: string): string {
  return steps.find((one: Json) => one.name === name).message;
}
