import { parseArgs } from 'node:util';
import type { LoadOptions, Method } from './counts.ts';
import { startLoad } from './start.ts';

/**
 * node test/load/load.ts --port PORT [--host HOST] [--path /] [--rate 500] [--seconds 10]
 *   [--mode keep-alive|close] [--methods GET,POST] [--receipts FOLDER]
 * Prints one JSON document; ends with 1 when a request failed or ran twice, 2 when the rate was missed.
 */
const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string' },
    path: { type: 'string', default: '/' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '10' },
    mode: { type: 'string', default: 'keep-alive' },
    methods: { type: 'string', default: 'GET,POST' },
    receipts: { type: 'string' },
  },
});

const options: LoadOptions = {
  host: values.host,
  port: Number(values.port),
  path: values.path,
  rate: Number(values.rate),
  mode: values.mode === 'close' ? 'close' : 'keep-alive',
  methods: values.methods.split(',') as Method[],
  ...(values.receipts === undefined ? {} : { receipts: values.receipts }),
};

const load = startLoad(options);
await new Promise((resolve) => {
  setTimeout(resolve, Number(values.seconds) * 1000);
  process.once('SIGINT', resolve);
});
const counts = await load.stop();
console.log(JSON.stringify(counts, null, 2));
if (counts.failed > 0 || (counts.posts?.duplicated ?? 0) > 0) process.exitCode = 1;
else if (counts.rate.slowestSecond < options.rate * 0.95) process.exitCode = 2;
