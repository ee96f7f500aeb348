import type { TestEvent } from 'node:test/reporters';

/** Reporter that tells only what was not run, one line each: `name: reason`. */
export default async function* notRun(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' || data.skip === undefined) continue;
    const reason = typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given';
    yield `${data.name}: ${reason}\n`;
  }
}
