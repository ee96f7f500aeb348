import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect } from 'amqplib';
import { isFailure } from '../../src/model/failure.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import type { Rabbit } from '../support/rabbitmq.ts';
import { must } from '../support/workspace.ts';
import { type Bench, type Json, until } from './harness.ts';

/** Four apps, and an environment with two homes for them. */
export async function fill(bench: Bench, rabbit: Rabbit): Promise<void> {
  const write = (name: string, text: string) => writeFileSync(join(bench.folder, name), text);
  for (const folder of ['services', 'images/consumer', 'receipts'])
    mkdirSync(join(bench.folder, folder), { recursive: true });
  write('rehome.yaml', workspace(rabbit));
  write('admin', `${rabbit.admin}\n`);
  write('images/consumer/main.mjs', consumer);
  const receipts = join(bench.folder, 'receipts');
  const env = `env: {RECEIPTS: "${receipts}/{{ app_name }}"}`;
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

/** Takes messages one at a time, and answers requests where it has a port; on TERM it finishes what it has. */
const consumer = `import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from '${pathToFileURL(createRequire(import.meta.url).resolve('amqplib')).href}';
const url = new URL(process.env.RMQ_URL);
const vhost = decodeURIComponent(url.pathname.slice(1));
url.password = process.env.RMQ_PASSWORD;
const connection = await connect(url.href);
const channel = await connection.createChannel();
await channel.assertQueue('work', { durable: true });
await channel.prefetch(1);
const { consumerTag } = await channel.consume('work', (message) => {
  appendFileSync(process.env.RECEIPTS, [process.env.MARATHON_APP_ID ? 'mesos' : 'local', vhost, message.content].join(' ') + '\\n');
  channel.ack(message);
});
const server = createServer((request, response) => response.setHeader('connection', 'close').end('ok'));
if (process.env.PORT) server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', async () => {
  server.close();
  await channel.cancel(consumerTag);
  await channel.close();
  await connection.close();
  process.exit(0);
});
`;

/** An app's user and vhost, and a way to see who takes what is sent to it. */
export async function openApp(rabbit: Rabbit, bench: Bench, app: string) {
  await rabbit.ask(`users/${app}`, 'PUT', { password: rabbit.admin, tags: '' });
  await rabbit.ask(`vhosts/${app}`, 'PUT', {});
  for (const user of [app, rabbit.admin]) await rabbit.ask(`permissions/${app}/${user}`, 'PUT', all);
  const file = join(bench.folder, 'receipts', app);
  const taken = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
  let sent = 0;
  const send = async (count: number, vhost: string) => {
    const messages = Array.from({ length: count }, (_, index) => String(sent + index));
    sent += count;
    await publish(rabbit, vhost, messages);
  };
  const onceEach = () => {
    const numbers = taken().map((line) => line.split(' ')[2]);
    assert.equal(new Set(numbers).size, sent, 'none is missing');
    assert.equal(numbers.length, sent, 'none is taken twice');
  };
  return {
    /** Sends so many messages, once so many consumers wait; how many were taken where, each of them once. */
    async took(count: number, consumers: number, vhost = app): Promise<Record<string, number>> {
      await consumed(rabbit, vhost, consumers);
      const before = taken().length;
      await send(count, vhost);
      await until(`${count} messages to ${vhost} are taken`, async () =>
        taken().length >= before + count ? true : undefined,
      );
      await consumed(rabbit, vhost, consumers);
      onceEach();
      return countByPlace(taken().slice(before));
    },
    /** Sends 50 messages a second while `work` is done, and gives those that were taken meanwhile, by place. */
    async tookDuring(consumers: number, work: () => Promise<void>): Promise<Record<string, number>> {
      const before = taken().length;
      let over = false;
      const sending = (async () => {
        for (; !over; await new Promise((next) => setTimeout(next, 100))) await send(5, app);
      })();
      try {
        await work();
      } finally {
        over = true;
        await sending;
      }
      await consumed(rabbit, app, consumers);
      onceEach();
      return countByPlace(taken().slice(before));
    },
  };
}

/** Lines by their home and vhost. */
function countByPlace(lines: readonly string[]): Record<string, number> {
  const places = lines.map((line) => line.split(' ').slice(0, 2).join(' '));
  return Object.fromEntries(
    [...new Set(places)].sort().map((one) => [one, places.filter((p) => p === one).length]),
  );
}

async function publish(rabbit: Rabbit, vhost: string, messages: readonly string[]): Promise<void> {
  const connection = await connect(addressOf(rabbit, vhost));
  const channel = await connection.createConfirmChannel();
  for (const message of messages) channel.sendToQueue('work', Buffer.from(message));
  await channel.waitForConfirms();
  await connection.close();
}

/** Waits until so many consumers are at a queue and nothing is left in it, by the broker's word. */
export async function consumed(rabbit: Rabbit, vhost: string, consumers: number): Promise<void> {
  await rabbit.ask(`permissions/${vhost}/${rabbit.admin}`, 'PUT', all);
  const connection = await connect(addressOf(rabbit, vhost));
  try {
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
  } finally {
    await connection.close();
  }
}

function addressOf({ amqp, admin }: Rabbit, vhost: string): string {
  return `amqp://${admin}:${admin}@${amqp}/${vhost}`;
}

const all = { configure: '.*', write: '.*', read: '.*' };

/** Shares and duty by home, as a move would remember them. */
export async function reside(
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

export async function running(bench: Bench, app: string): Promise<Record<string, number>> {
  const { apps } = await bench.json('status', app, '-e', 'twin');
  const homes: readonly Json[] = apps[0].homes;
  return Object.fromEntries(homes.map(({ home, instances }) => [home, instances.running]));
}
