import { execFileSync } from 'node:child_process';
import type { Operations } from '../../operations/operations.ts';
import { list } from '../index.ts';
import { start } from '../start.ts';
import { realWorld } from '../world.ts';
import { ended, goodStory } from './deployments.ts';

/*
 * `node story.ts [COLUMNS]`: the command line on whatever stderr is, with a deployment that is only told.
 * In its middle the terminal gets COLUMNS columns, which is marked in the output.
 */
const columns = process.argv[2];
const world = realWorld('0.0.1');
const operations: Partial<Operations> = {
  deploy: tell,
  names: async () => ({ apps: [], environments: [], homes: [], protected: [] }),
  close: () => {},
};
process.exitCode = await start(list, ['deploy', 'hcn:1.0.0', '-e', 'test1'], {
  ...world,
  now: () => Date.parse('2026-11-23T12:00:05Z'),
  open: async () => operations as Operations,
});

async function tell(_request: unknown, watch: Parameters<Operations['deploy']>[1]) {
  for (const [index, [, event]] of goodStory().entries()) {
    if (columns !== undefined && index === 9) await resize(columns);
    watch(event);
  }
  return ended('done');
}

/** `stty` sets the size, and the system tells this process by SIGWINCH. */
async function resize(to: string): Promise<void> {
  const resized = new Promise((seen) => process.stderr.once('resize', seen));
  process.stderr.write(`\u0000${to}\u0000`);
  execFileSync('stty', ['cols', to], { stdio: 'inherit' });
  await resized;
}
