import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { killAtEveryStep, versions } from './crashes.ts';
import { openFolder, project } from './harness.ts';
import { edit, loadImages, openSpace, skip } from './kubernetes.ts';

describe('kill -9 of a deployment to Kubernetes', { skip }, () => {
  test('at every step and every boundary: resume finishes, nothing is doubled', async (t) => {
    const space = openSpace(t);
    await using bench = openFolder(join(project, 'test/fixtures/echo'));
    const receipts = join(space.shared, 'receipts');
    mkdirSync(receipts);
    symlinkSync(receipts, join(bench.folder, 'receipts'));
    edit(bench.folder, readFileSync(join(bench.folder, 'rehome.yaml'), 'utf8'), {
      'conventions.env.RECEIPTS': receipts,
      'environments.test1': { stage: 'test', homes: { k8s: { ...space.home, drain: '1s' } } },
    });
    const folder = join(bench.folder, 'images/ledger/any');
    await loadImages(versions.map((version) => ({ name: `ledger:${version}`, folder })));
    await killAtEveryStep(bench, 'test1');
  });
});
