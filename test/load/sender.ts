import { randomBytes } from 'node:crypto';
import { type Connection, type Ending, open } from './connection.ts';
import type { LoadOptions, Method, MethodCounts, RawCounts } from './counts.ts';

/** Requests that are under way at once, at most; beyond it the rate is missed, which the counts show. */
const mostAtOnce = 2_000;

interface Tally {
  sent: number;
  answered: number;
  failed: number;
  reasons: Record<string, number>;
}

/** Sends in this thread until it is stopped; then waits for what is under way and counts. */
export function send(options: LoadOptions): { stop(): Promise<RawCounts> } {
  const { host, port, path = '/', rate, mode = 'keep-alive', methods = ['GET'] } = options;
  const run = randomBytes(4).toString('hex');
  const filling = 'x'.repeat(options.bodyBytes ?? 64);
  const type = options.json === undefined ? 'text/plain' : 'application/json';
  const byMethod: Record<Method, Tally> = { GET: emptyTally(), POST: emptyTally() };
  const posts = { answered: [] as string[], failed: [] as string[] };
  const latencies: number[] = [];
  const perSecond: number[] = [];
  const idle: Connection[] = [];
  const started = performance.now();
  let begun = 0;
  let underWay = 0;
  let opened = 0;
  let allEnded: (() => void) | undefined;

  const take = (): Connection => {
    for (;;) {
      const connection = idle.pop();
      if (connection?.usable) return connection;
      if (connection) continue;
      opened++;
      return open(host, port);
    }
  };

  const begin = (dueAt: number) => {
    const method = methods[begun % methods.length] ?? 'GET';
    const id = `${run}-${begun++}`;
    const second = Math.floor((performance.now() - started) / 1000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
    byMethod[method].sent++;
    underWay++;
    const connection = take();
    const body = options.json?.replaceAll('{id}', id) ?? filling;
    const text = requestText({ method, path, host, port, id, mode, type, body });
    connection.send(text, options.timeoutMs ?? 10_000, (ending, again) => {
      if (again && mode === 'keep-alive') idle.push(connection);
      else connection.destroy();
      count(byMethod[method], ending);
      const good = isGood(ending);
      if (good) latencies.push(performance.now() - dueAt);
      if (method === 'POST') (good ? posts.answered : posts.failed).push(id);
      underWay--;
      if (underWay === 0) allEnded?.();
    });
  };

  const timer = setInterval(() => {
    // Number n is due at n / rate, the first one at once.
    const due = Math.floor(((performance.now() - started) * rate) / 1000) + 1;
    while (begun < due && underWay < mostAtOnce) begin(started + (begun * 1000) / rate);
  }, 1);

  return {
    async stop() {
      clearInterval(timer);
      const seconds = (performance.now() - started) / 1000;
      if (underWay > 0)
        await new Promise<void>((resolve) => {
          allEnded = resolve;
        });
      for (const connection of idle) connection.destroy();
      const whole = Array.from({ length: Math.floor(seconds) }, (_, second) => perSecond[second] ?? 0);
      return {
        ...sum(byMethod.GET, byMethod.POST),
        seconds,
        byMethod,
        rate: { wanted: rate, achieved: begun / seconds, slowestSecond: Math.min(...whole, begun) },
        latency: percentiles(latencies),
        connections: opened,
        answeredPosts: posts.answered,
        failedPosts: posts.failed,
      };
    },
  };
}

function requestText(parts: {
  method: Method;
  path: string;
  host: string;
  port: number;
  id: string;
  mode: string;
  type: string;
  body: string;
}): string {
  const { method, path, host, port, id, mode, type, body } = parts;
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    `X-Load-Id: ${id}`,
    `Connection: ${mode}`,
  ];
  if (method === 'POST') lines.push(`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${method === 'POST' ? body : ''}`;
}

function isGood(ending: Ending): boolean {
  return 'status' in ending && ending.status >= 200 && ending.status <= 299;
}

function count(tally: Tally, ending: Ending): void {
  if (isGood(ending)) {
    tally.answered++;
    return;
  }
  tally.failed++;
  const reason = 'status' in ending ? `status ${ending.status}` : ending.reason;
  tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
}

function emptyTally(): Tally {
  return { sent: 0, answered: 0, failed: 0, reasons: {} };
}

function sum(a: MethodCounts, b: MethodCounts): MethodCounts {
  const reasons: Record<string, number> = { ...a.reasons };
  for (const [reason, n] of Object.entries(b.reasons)) reasons[reason] = (reasons[reason] ?? 0) + n;
  return {
    sent: a.sent + b.sent,
    answered: a.answered + b.answered,
    failed: a.failed + b.failed,
    reasons,
  };
}

function percentiles(latencies: readonly number[]) {
  const sorted = Float64Array.from(latencies).sort();
  const at = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0;
  return { p50: at(50), p90: at(90), p99: at(99), max: at(100) };
}
