import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { killAtEveryStep } from './crashes.ts';
import { openFolder, project, without } from './harness.ts';

for (const [environment, platform] of [
  ['dev', 'local'],
  ['test1', 'mesos'],
] as const) {
  describe(`kill -9 of a deployment to ${environment}`, { skip: without(platform) }, () => {
    test('at every step and every boundary: resume finishes, nothing is doubled', async () => {
      await using bench = openFolder(join(project, 'test/fixtures/echo'));
      mkdirSync(join(bench.folder, 'receipts'));
      await bench.runs(0, 'lab', 'up');
      await killAtEveryStep(bench, environment);
    });
  });
}
