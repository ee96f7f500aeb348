import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const bank = join(import.meta.dirname, '../../examples/bank');
const programs: Readonly<Record<string, string>> = {
  account: 'python /app/account/main.py',
  hcn: 'python /app/hcn/main.py',
  api: 'node main.js',
  document: 'node main.js',
  worker: 'node main.js',
  web: 'node main.js',
  statements: 'node main.js',
};

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bank-services-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('images', () => {
  test('hold the same service.js and the same interpreter everywhere', () => {
    for (const name of ['service.js', 'bin/python']) {
      const copies = globSync(`images/*/*/${name}`, { cwd: bank });
      assert.ok(copies.length >= 5);
      assert.equal(new Set(copies.map((path) => readFileSync(join(bank, path), 'utf8'))).size, 1, name);
    }
  });

  test('the manifests of the seed stand there to the letter', () => {
    for (const name of ['account.yml', 'hcn.yml']) {
      const seed = readFileSync(join(import.meta.dirname, '../fixtures/seed', name), 'utf8');
      assert.equal(readFileSync(join(bank, 'services', name), 'utf8'), seed);
    }
  });
});

for (const app of Object.keys(programs)) {
  for (const version of ['1.0.0', '1.1.0']) {
    test(`${app} ${version} is healthy, says its version and ends politely`, async (t) => {
      const data = newData();
      if (app === 'document') runIn(app, version, 'node migrate.js up', data);
      const service = await start(t, app, version, { BANK_DATA: data });
      assert.deepEqual((await get(`${service.url}/health`)).json, { ok: true });
      const said = (await get(`${service.url}/version`)).json as Record<string, unknown>;
      assert.equal(said['app'], app);
      assert.equal(said['version'], version);
      assert.match(String(said['instance']), /^the-task/);
      assert.equal((await get(`${service.url}//`)).status, 400);
      assert.equal((await get(`${service.url}/nothing`)).status, 404);
      assert.equal(await service.stop(), 0);
    });
  }
}

test('a service that is told to stop serves on for a while and loses no request', async (t) => {
  const service = await start(t, 'account', '1.0.0', { DRAIN_MS: '400' });
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  let stopped = false;
  let closing = 0;
  const caller = async () => {
    // As an edge does it: after an answer with `Connection: close` no other request goes to this instance.
    for (;;) {
      const answer = await get(`${service.url}/accounts`, { agent });
      assert.equal(answer.status, 200);
      if (answer.connection === 'close') {
        closing += 1;
        return;
      }
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  const end = service.stop().finally(() => {
    stopped = true;
  });
  await Promise.all(callers);
  assert.equal(closing, 8);
  assert.equal(stopped, false, 'it ended before the lame duck time was over');
  assert.equal((await get(`${service.url}/health`)).status, 200);
  assert.equal(await end, 0);
  agent.destroy();
});

describe('account', () => {
  test('moves money once per id, whichever instance is asked', async (t) => {
    const data = newData();
    const services = await Promise.all([
      start(t, 'account', '1.0.0', { BANK_DATA: data }),
      start(t, 'account', '1.1.0', { BANK_DATA: data }),
    ]);
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const answers = await Promise.all(
      ids.flatMap((id) => services.map(({ url }) => post(`${url}/transfers`, transfer(id, 5)))),
    );
    assert.deepEqual(tally(answers.map(({ status }) => status)), { 200: 20, 201: 20 });
    const [one] = services;
    assert.deepEqual((await get(`${one?.url}/accounts/travel`)).json, { id: 'travel', balance: 5_000_100 });
    assert.deepEqual((await get(`${one?.url}/transfers`)).json, {
      transfers: 20,
      duplicates: 20,
      total: 205_000_000,
    });
  });

  test('refuses what is not there, and leaves no trace of it', async (t) => {
    const { url } = await start(t, 'account', '1.0.0');
    const tooMuch = { ...transfer('t1', 1), source: 'travel', target: 'savings', amount: 5_000_001 };
    assert.equal((await post(`${url}/transfers`, tooMuch)).status, 409);
    assert.equal((await post(`${url}/transfers`, { ...transfer('t2', 1), target: 'nobody' })).status, 409);
    assert.equal((await post(`${url}/transfers`, { ...transfer('t3', 0.5) })).status, 400);
    assert.equal((await post(`${url}/transfers`, 'no transfer')).status, 400);
    assert.deepEqual((await get(`${url}/transfers`)).json, {
      transfers: 0,
      duplicates: 0,
      total: 205_000_000,
    });
  });

  test('1.1 shows a balance as people write it', async (t) => {
    const { url } = await start(t, 'account', '1.1.0');
    const { json } = await get(`${url}/accounts/savings`);
    assert.deepEqual(json, { id: 'savings', balance: 100_000_000, shown: '£1,000,000.00' });
  });

  test('its crons run as the manifest says', () => {
    const data = newData();
    for (const version of ['1.0.0', '1.1.0']) {
      runIn('account', version, 'python /app/account/sync.py', data);
      const written = JSON.parse(readFileSync(join(data, 'partner/customers.json'), 'utf8'));
      assert.equal(written.accounts.length, 3);
      assert.match(runIn('account', version, 'python /app/account/oabt.py', data), /"total":205000000/);
    }
  });

  test('1.2 ends at once and says why', () => {
    assert.throws(
      () => runIn('account', '1.2.0', 'python /app/account/main.py', newData()),
      (error: { status?: number; stdout?: string }) =>
        error.status === 1 && /cannot start: LEDGER_URL is not set/.test(error.stdout ?? ''),
    );
  });
});

test('hcn shows its bindings without the passwords, and keeps notices', async (t) => {
  const data = newData();
  const bindings = { RMQ_URL: 'amqp://hcn:geheim@queue:5672/hcn', MONGO_PASSWORD: 'geheim', OTHER: 'x' };
  const old = await start(t, 'hcn', '1.0.0', { ...bindings, BANK_DATA: data });
  assert.deepEqual((await get(`${old.url}/bindings`)).json, {
    MONGO_PASSWORD: '***',
    RMQ_URL: 'amqp://hcn:***@queue:5672/hcn',
  });
  assert.equal((await post(`${old.url}/notices`, { text: 'hello' })).status, 201);
  for (const _twice of [1, 2]) runIn('hcn', '1.1.0', 'python /app/hcn/migrate.py', data);
  const [notice] = (await get(`${old.url}/notices`)).json as { text: string; channel: string }[];
  assert.equal(notice?.text, 'hello');
  assert.equal(notice?.channel, 'mail');
});

describe('document and worker', () => {
  test('migrates up, down and twice, and old code runs on the new schema', async (t) => {
    const data = newData();
    for (const _twice of [1, 2]) runIn('document', '1.0.0', 'node migrate.js up', data);
    const old = await start(t, 'document', '1.0.0', { BANK_DATA: data });
    const id = await storeOne(old.url);
    for (const _twice of [1, 2]) runIn('document', '1.1.0', 'node migrate.js up', data);
    const young = await start(t, 'document', '1.1.0', { BANK_DATA: data });
    assert.equal(((await get(`${young.url}/documents/${id}`)).json as { words: number }).words, 4);
    await storeOne(old.url);
    for (const _twice of [1, 2]) runIn('document', '1.1.0', 'node migrate.js down', data);
    const found = (await get(`${old.url}/documents/${id}`)).json as Record<string, unknown>;
    assert.equal(found['title'], 'Terms');
    assert.equal('words' in found, false);
  });

  test('each document gets one receipt, with two workers at the queue', async (t) => {
    const data = newData();
    runIn('document', '1.0.0', 'node migrate.js up', data);
    const document = await start(t, 'document', '1.0.0', { BANK_DATA: data });
    const workers = await Promise.all(
      ['1.0.0', '1.1.0'].map((version) => start(t, 'worker', version, { BANK_DATA: data })),
    );
    const ids = await Promise.all(Array.from({ length: 12 }, () => storeOne(document.url)));
    const finished = join(data, 'queue/finished');
    await until(() => existsSync(finished) && readdirSync(finished).length === ids.length);
    assert.deepEqual(readdirSync(finished).sort(), ids.map((id) => `${id}.json`).sort());
    const queues = await Promise.all(workers.map(({ url }) => get(`${url}/queue`)));
    const done = queues.map(({ json }) => (json as { done: number }).done);
    assert.equal((done[0] ?? 0) + (done[1] ?? 0), ids.length);
  });

  test('a worker without a port works and ends', async (t) => {
    const data = newData();
    mkdirSync(join(data, 'queue/waiting'), { recursive: true });
    writeFileSync(join(data, 'queue/waiting/one.json'), '{"id":"one","text":"a job"}');
    const worker = run('worker', '1.0.0', 'node main.js', { BANK_DATA: data });
    t.after(() => worker.kill('SIGKILL'));
    await until(() => existsSync(join(data, 'queue/finished/one.json')));
    const ended = once(worker, 'exit');
    worker.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});

test('web shows what the api knows from the accounts; statements write them down', async (t) => {
  const data = newData();
  const account = await start(t, 'account', '1.1.0', { BANK_DATA: data });
  const api = await start(t, 'api', '1.1.0', { ACCOUNT_URL: account.url, DOCUMENT_URL: account.url });
  const web = await start(t, 'web', '1.1.0', { API_URL: api.url });
  assert.match((await get(web.url)).text, /<td>savings<td>1000000\.00[\s\S]*<b>Total<\/b><td>2050000\.00/);
  const alone = await start(t, 'web', '1.0.0', { API_URL: 'http://127.0.0.1:1' });
  assert.match((await get(alone.url)).text, /come back in a moment/);
  assert.equal((await post(`${api.url}/api/transfers`, transfer('once', 7))).status, 201);
  assert.equal((await post(`${api.url}/api/transfers`, transfer('once', 7))).status, 200);

  const statements = await start(t, 'statements', '1.1.0', { BANK_DATA: data });
  assert.equal((await get(`${statements.url}/statements/latest`)).status, 404);
  runIn('statements', '1.1.0', 'node tick.js', data, { ACCOUNT_URL: account.url });
  const statement = (await get(`${statements.url}/statements/latest`)).json as { total: number };
  assert.equal(statement.total, 205_000_000);
  runIn('statements', '1.1.0', 'node close.js', data);
  assert.equal(readFileSync(join(data, 'statements/ticks.jsonl'), 'utf8').trimEnd().split('\n').length, 1);
  assert.equal(readdirSync(join(data, 'statements')).filter((name) => /^\d{4}-/.test(name)).length, 1);
});

test('an api whose accounts are away answers 502 and stays healthy', async (t) => {
  const api = await start(t, 'api', '1.0.0', { ACCOUNT_URL: 'http://127.0.0.1:1' });
  assert.equal((await get(`${api.url}/api/accounts`)).status, 502);
  assert.equal((await get(`${api.url}/health`)).status, 200);
});

test('api 1.2 is well at first and falls ill', async (t) => {
  const api = await start(t, 'api', '1.2.0', { ILL_AFTER_MS: '1000' });
  assert.equal((await get(`${api.url}/health`)).status, 200);
  await until(async () => (await get(`${api.url}/health`)).status === 500);
  assert.match((await get(`${api.url}/health`)).text, /pool of connections is exhausted/);
});

interface Running {
  readonly url: string;
  /** Asks it politely to stop; its exit code. */
  readonly stop: () => Promise<number | null>;
}

async function start(
  t: TestContext,
  app: string,
  version: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = run(app, version, programs[app] ?? '', {
    PORT: '0',
    DRAIN_MS: '50',
    MESOS_TASK_ID: `the-task.${app}`,
    BANK_DATA: newData(),
    ...env,
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { message, port } = JSON.parse(line);
    if (message !== 'listening') continue;
    child.stdout.resume();
    return {
      url: `http://127.0.0.1:${port}`,
      stop: async () => {
        child.kill('SIGTERM');
        const [code] = await ended;
        return code;
      },
    };
  }
  throw new Error(`${app} ${version} ended before it listened`);
}

/** As a home does it: `/bin/sh -c`, in the image's folder, its `bin` in front of the path. */
function run(app: string, version: string, command: string, env: Readonly<Record<string, string>>) {
  const cwd = join(bank, 'images', app, version);
  return spawn('/bin/sh', ['-c', `exec ${command}`], {
    cwd,
    env: { PATH: pathOf(cwd), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function runIn(app: string, version: string, command: string, data: string, env = {}): string {
  const cwd = join(bank, 'images', app, version);
  const all = { PATH: pathOf(cwd), BANK_DATA: data, ...env };
  return execFileSync('/bin/sh', ['-c', command], { cwd, env: all, encoding: 'utf8' });
}

function pathOf(image: string): string {
  return `${image}/bin:${join(process.execPath, '..')}:/usr/bin:/bin`;
}

function newData(): string {
  return mkdtempSync(join(folder, 'data-'));
}

function transfer(id: string, amount: number) {
  return { id, source: 'savings', target: 'travel', amount };
}

async function storeOne(url: string): Promise<string> {
  const { status, json } = await post(`${url}/documents`, { title: 'Terms', text: 'four words of text' });
  assert.equal(status, 201);
  return (json as { id: string }).id;
}

function tally(values: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'waited 15 s for nothing');
    await sleep(50);
  }
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}
type Whole = Answer & { readonly text: string; readonly connection: string | undefined };

async function get(url: string, more: { agent?: Agent } = {}): Promise<Whole> {
  return await send(url, 'GET', undefined, more);
}

async function post(url: string, json: unknown): Promise<Whole> {
  return await send(url, 'POST', typeof json === 'string' ? json : JSON.stringify(json));
}

function send(url: string, method: string, body?: string, more: { agent?: Agent } = {}): Promise<Whole> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent: false, ...more }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      const isJson = answer.headers['content-type'] === 'application/json';
      resolve({
        status: answer.statusCode ?? 0,
        json: isJson ? JSON.parse(text) : undefined,
        text,
        connection: answer.headers.connection,
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
