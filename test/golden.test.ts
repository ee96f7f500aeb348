import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import type { App } from '../src/model/app.ts';
import { platforms } from '../src/platforms/index.ts';
import type { Platform, Target } from '../src/platforms/platform.ts';
import { goldenHomes, goldenModels } from './support/golden-models.ts';
import { without } from './support/platforms.ts';

/** What every platform makes of some models; `node --test --test-update-snapshots test/golden.test.ts` writes them anew. */
for (const [name, app] of Object.entries(goldenModels)) {
  for (const platform of platforms) {
    test(`${name} on ${platform.name}`, (t) => {
      const file = join(import.meta.dirname, 'golden', name, `${platform.name}.yml`);
      t.assert.fileSnapshot(shown(platform, app, {}), file, { serializers: [String] });
    });
  }
}

for (const [name, home] of Object.entries(goldenHomes)) {
  test(`${home.model.name} in a home ${name}`, { skip: without(home.platform) }, (t) => {
    const platform = platforms.find((one) => one.name === home.platform);
    const file = join(import.meta.dirname, 'golden/homes', `${name}.yml`);
    if (platform)
      t.assert.fileSnapshot(shown(platform, home.model, home.target), file, { serializers: [String] });
  });
}

const settings = {
  marathon: 'http://marathon',
  chronos: 'http://chronos',
  api: 'http://api',
  ingress: { class: 'nginx' },
};

function shown(platform: Platform, app: App, more: Partial<Target>): string {
  const { objects, notes } = platform.compile(app, {
    environment: app.environment,
    home: 'a',
    domain: 'prod.anna.money',
    tls: { mode: 'wildcard' },
    settings,
    ...more,
  });
  const shownNotes = notes.map(({ kind: _, ...note }) => note);
  return stringify({ objects, notes: shownNotes }, { lineWidth: 0, aliasDuplicateObjects: false });
}
