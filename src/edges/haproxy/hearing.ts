import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import type { Latencies } from '../edge.ts';
import { type LatencyRecorder, recordLatencies } from '../latency.ts';

/** Hears from HAProxy how long each request took: a line `POOL SERVER MICROSECONDS`, see the ring in render.ts. */
export interface Hearing {
  latencies(pool: string): Latencies;
  close(): void;
}

/** @param path socket that HAProxy connects to, again and again until somebody listens */
export function hear(path: string, log: (line: string) => void): Hearing {
  const recorders = new Map<string, LatencyRecorder>();
  const take = (line: string) => {
    const [pool = '', server = '', us = ''] = line.split(' ');
    if (!/^s\d+$/.test(server) || !/^\d+$/.test(us)) return;
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
    latencies: (pool) => recorders.get(pool)?.read() ?? [],
    close: () => server.close(),
  };
}
