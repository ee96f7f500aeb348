import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's own program: the one in PATH only runs as the system's service. */
const server = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const epmd = '/usr/bin/epmd';
const startWithinMs = 60_000;

/** Why tests that want a RabbitMQ cannot run; false where they can. */
export function lacksRabbit(): string | false {
  return existsSync(server) && existsSync(epmd)
    ? false
    : 'no RabbitMQ is installed here: apt-get install rabbitmq-server';
}

/** A broker of a test's own, on loopback, with its management API. */
export interface Rabbit extends AsyncDisposable {
  /** `127.0.0.1:40000` */
  readonly amqp: string;
  readonly management: string;
  /** The administrator, whose password it is as well. */
  readonly admin: string;
  /** Asks the management API and gives what it answers; throws unless it succeeds. */
  ask(path: string, method?: 'GET' | 'PUT' | 'POST' | 'DELETE', json?: unknown): Promise<unknown>;
}

/** Starts one with everything of its own, its port mapper too, so that it leaves nothing and meets nobody. */
export async function startRabbit(): Promise<Rabbit> {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-rabbit-'));
  const [mapper = 0, distribution = 0, amqp = 0, web = 0] = await freePorts(4);
  const conf = [
    `listeners.tcp.1 = 127.0.0.1:${amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${web}`,
    'default_user = admin',
    'default_pass = admin',
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${conf.join('\n')}\n`);
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'test@localhost',
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none',
  };
  const log = openSync(join(folder, 'out'), 'a');
  const launch = (program: string, ...args: readonly string[]) =>
    spawn(program, args, { env, cwd: folder, detached: true, stdio: ['ignore', log, log] });
  const children = [launch(epmd, '-address', '127.0.0.1', '-port', String(mapper)), launch(server)];
  const killAll = () => children.forEach(kill);
  process.once('exit', killAll);
  const stop = async () => {
    process.off('exit', killAll);
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };

  const management = `http://127.0.0.1:${web}`;
  const authorization = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
  const request = async (path: string, method = 'GET', json?: unknown): Promise<Response> => {
    const headers = { authorization, 'content-type': 'application/json' };
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    return await fetch(`${management}/api/${path}`, { method, headers, ...body });
  };
  const isUp = async () => (await request('overview').catch(() => undefined))?.ok === true;
  const deadline = Date.now() + startWithinMs;
  while (!(await isUp())) {
    const dead = children.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
    if (dead || Date.now() > deadline) {
      const said = readFileSync(join(folder, 'out'), 'utf8');
      await stop();
      throw new Error(`RabbitMQ does not start:\n${said}`);
    }
    await new Promise((again) => setTimeout(again, 100));
  }
  return {
    amqp: `127.0.0.1:${amqp}`,
    management,
    admin: 'admin',
    async ask(path, method, json) {
      const answer = await request(path, method, json);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method ?? 'GET'} ${path}: ${answer.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Ports that nobody has at this moment, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((one) => once(one, 'listening')));
  const ports = servers.map((one) => Number((one.address() as { port: number }).port));
  await Promise.all(servers.map((one) => new Promise((closed) => one.close(closed))));
  return ports;
}

/** Its helpers end with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  kill(child);
  await gone;
}

/** The whole group: the server is a script around the real one. */
function kill({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}
