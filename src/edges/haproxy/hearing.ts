import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Latencies } from '../edge.ts';
import { type LatencyRecorder, recordLatencies } from '../latency.ts';

/** Hears from HAProxy of each request: a line `POOL SERVER MICROSECONDS STATUS PID`, see the ring in render.ts. */
export interface Hearing {
  /** Requests that one process told of, and answers of 500 and above among them. At most what was carried out. */
  heard(pid: number, pool: string): Heard;
  latencies(pool: string): Latencies;
  close(): void;
}

export interface Heard {
  readonly requests: number;
  readonly errors: number;
}

const none: Heard = { requests: 0, errors: 0 };

/** @param path socket that HAProxy connects to, again and again until somebody listens */
export function hear(path: string, log: (line: string) => void): Hearing {
  const counts = new Map<string, Heard>();
  const recorders = new Map<string, LatencyRecorder>();
  const take = (line: string) => {
    const [pool = '', server = '', us = '', status = '', pid = ''] = line.split(' ');
    const answered = /^\d+$/.test(us);
    // Without an answer, but for one of HAProxy's own, the caller has left.
    if (!/^s\d+$/.test(server) || (!answered && status !== '502' && status !== '504')) return;
    const key = `${pid} ${pool}`;
    const { requests, errors } = counts.get(key) ?? none;
    counts.set(key, { requests: requests + 1, errors: errors + (status >= '500' ? 1 : 0) });
    if (!answered) return;
    const recorder = recorders.get(pool) ?? recordLatencies();
    recorders.set(pool, recorder);
    recorder.record(Number(us) / 1_000);
  };
  const server = createServer((socket) => {
    let rest = '';
    socket.setEncoding('latin1').on('data', (more: string) => {
      const lines = (rest + more).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
    socket.on('error', () => {
      // A process that ends; what it did not say is lost.
    });
  });
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  server.on('error', (error) => log(`latencies are not heard: ${error.message}`));
  server.listen(path);
  server.unref();
  return {
    heard: (pid, pool) => counts.get(`${pid} ${pool}`) ?? none,
    latencies: (pool) => recorders.get(pool)?.read() ?? [],
    close: () => server.close(),
  };
}
