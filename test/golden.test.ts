import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import type { App } from '../src/model/app.ts';
import { platforms } from '../src/platforms/index.ts';
import type { Platform } from '../src/platforms/platform.ts';
import { goldenModels } from './support/golden-models.ts';

/** What every platform makes of some models; `node --test --test-update-snapshots test/golden.test.ts` writes them anew. */
for (const [name, app] of Object.entries(goldenModels)) {
  for (const platform of platforms) {
    test(`${name} on ${platform.name}`, (t) => {
      const file = join(import.meta.dirname, 'golden', name, `${platform.name}.yml`);
      t.assert.fileSnapshot(shown(platform, app), file, { serializers: [String] });
    });
  }
}

function shown(platform: Platform, app: App): string {
  const settings = { marathon: 'http://marathon', chronos: 'http://chronos', api: 'http://api' };
  const { objects, notes } = platform.compile(app, { environment: app.environment, home: 'a', settings });
  return stringify({ objects, notes: notes.map(({ kind: _, ...note }) => note) }, { lineWidth: 0 });
}
