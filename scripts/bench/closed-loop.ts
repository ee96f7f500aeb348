import { connect } from 'node:net';

/**
 * node closed-loop.ts PORT METHOD CONNECTIONS SECONDS: sends requests on kept connections, each as soon as the answer
 * before it has come. Prints `{perSecond, p50, p99, failed}`, latencies in ms.
 */
const [port, method = 'GET', connections, seconds] = process.argv.slice(2);
const body = method === 'POST' ? 'x' : '';
const request = `${method} / HTTP/1.1\r\nHost: bench\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const took: number[] = [];
let failed = 0;
let stopping = false;

function send(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect({ host: '127.0.0.1', port: Number(port), noDelay: true });
  let began = 0;
  const next = () => {
    if (stopping) return void socket.end();
    began = performance.now();
    socket.write(request);
  };
  socket.on('connect', next);
  // Answers of the bench are small and come in one piece.
  socket.on('data', (bytes) => {
    took.push(performance.now() - began);
    if (!bytes.subarray(0, 12).equals(ok)) failed++;
    next();
  });
  socket.on('error', () => failed++);
  socket.on('close', () => resolve());
  return promise;
}

const ok = Buffer.from('HTTP/1.1 200');
const all = Array.from({ length: Number(connections) }, send);
const began = performance.now();
setTimeout(() => {
  stopping = true;
}, Number(seconds) * 1_000);
await Promise.all(all);
const lasted = (performance.now() - began) / 1_000;
took.sort((a, b) => a - b);
const at = (part: number) => took[Math.floor(took.length * part)] ?? 0;
console.log(JSON.stringify({ perSecond: took.length / lasted, p50: at(0.5), p99: at(0.99), failed }));
