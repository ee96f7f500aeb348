import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { build, must, openFiles, seedWorkspace } from '../../test/support/workspace.ts';
import { findWhere } from '../manifest/where.ts';
import { fail } from '../model/failure.ts';
import type { Note } from '../model/note.ts';
import { rules } from './index.ts';
import { builtNotes, rulesPage } from './page.ts';
import type { RuleContext } from './rule.ts';

interface Case {
  readonly manifest: string;
  readonly workspaceFile?: string;
  readonly findImage?: RuleContext['findImage'];
}

/** Notes of all rules for the app `hcn` in the first home of `test1`, as `id severity file:line`. */
function notesOf(t: TestContext, { manifest, workspaceFile, findImage }: Case): Note[] {
  const other = 'application: {app_name: other, test: {}}\n';
  const workspace = must(openFiles(t, { 'hcn.yml': manifest, 'other.yml': other }, workspaceFile));
  const { environment } = must(findWhere(workspace, 'test1'));
  const [home] = environment.homes;
  assert.ok(home);
  const built = must(build(workspace, 'hcn', 'test1'));
  const context = { workspace, environment, home, built, ...(findImage ? { findImage } : {}) };
  return rules.flatMap((rule) => rule.check(context));
}

function shortly(notes: readonly Note[]): string[] {
  return notes.map(({ id, severity, place }) => `${id} ${severity} ${place?.file}:${place?.line}`);
}

const quiet = 'application:\n  app_name: hcn\n  test: {}\n  health: {path: /health}\n';

test('an app that does everything right gets no note', (t) => {
  assert.deepEqual(notesOf(t, { manifest: quiet, findImage: () => '/somewhere' }), []);
});

test('a service without a health check, but not a worker or one that is switched off', (t) => {
  const without = quiet.replace('  health: {path: /health}\n', '');
  assert.deepEqual(shortly(notesOf(t, { manifest: without })), ['no-health-check info services/hcn.yml:2']);
  assert.deepEqual(notesOf(t, { manifest: `${without}  worker: True\n` }), []);
  assert.deepEqual(notesOf(t, { manifest: `${without}  instances: 0\n` }), []);
});

test('an image whose folder is missing, where the home looks for folders', (t) => {
  const findImage = (image: string) => fail('missing-image', `No folder for ${image}.`);
  const images = `${seedWorkspace}images: {"anna-repo/{app}:{version}": "images/{app}"}\n`;
  const [found, ...others] = notesOf(t, { manifest: quiet, workspaceFile: images, findImage });
  assert.deepEqual(others, []);
  assert.deepEqual(shortly(found ? [found] : []), ['missing-image error rehome.yaml:15']);
  assert.match(found?.message ?? '', /No folder/);
  const own = notesOf(t, { manifest: `${quiet}  image: own:1\n`, findImage });
  assert.deepEqual(shortly(own), ['missing-image error services/hcn.yml:5']);
  assert.deepEqual(notesOf(t, { manifest: quiet }), []);
});

test('uses without an edge', (t) => {
  const manifest = `${quiet}  uses: [other]\n`;
  assert.deepEqual(shortly(notesOf(t, { manifest })), ['uses-needs-edge error services/hcn.yml:5']);
  const workspaceFile = seedWorkspace.replace(
    '    stage: test\n',
    '    stage: test\n    edge: {type: embedded}\n',
  );
  assert.deepEqual(notesOf(t, { manifest, workspaceFile }), []);
});

test('secrets in plain text, wherever they come from', (t) => {
  const manifest = `${quiet}  rmq: True
  env:
    DB_PASSWORD: hunter2
    API_TOKEN: {secret: "env:TOKEN"}
    CACHE: redis://user:word@cache:6379
    PASSWORD_FILE: /run/password
    TOKENIZER: fast
    SECRET: ""
`;
  const workspaceFile = `${seedWorkspace.replace('LOGSTASH_TAG:', 'X_API_KEY: abc, LOGSTASH_TAG:')}features:
  rmq: {url: "amqp://q", password: plain}
`;
  const notes = notesOf(t, { manifest, workspaceFile });
  assert.deepEqual(
    notes.map(({ id, subject, place }) => `${id} ${subject} ${place?.file}:${place?.line}`),
    [
      'secret-in-plain-text variable CACHE services/hcn.yml:9',
      'secret-in-plain-text variable DB_PASSWORD services/hcn.yml:7',
      'secret-in-plain-text variable RMQ_PASSWORD rehome.yaml:16',
      'secret-in-plain-text variable X_API_KEY rehome.yaml:5',
    ],
  );
  assert.ok(!JSON.stringify(notes).match(/hunter2|user:word|plain"|abc/), 'a note shows a secret');
});

test('a placeholder of rehome.yaml in a manifest', (t) => {
  const manifest = `${quiet}  command: node /app/{app}/main.js \${env}\n  env: {TAG: "x-{stage}", JSON: '{"app": 1}'}\n`;
  assert.deepEqual(
    notesOf(t, { manifest }).map(({ id, message, hint, place }) => [id, message, hint, place?.line]),
    [
      [
        'placeholder-in-manifest',
        '{app} in the command of hcn is not filled in.',
        'write {{ app_name }}, in quotes',
        5,
      ],
      [
        'placeholder-in-manifest',
        '{stage} in the variable TAG is not filled in.',
        'write {{ stage }}, in quotes',
        6,
      ],
    ],
  );
});

test('every rule and every note of a build is in the reference, once', () => {
  const ids = [...rules, ...builtNotes].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const page = rulesPage(rules);
  for (const { id, summary, doc } of [...rules, ...builtNotes]) {
    assert.ok(page.includes(`## ${id}\n\n${summary}\n\n${doc}`));
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
  }
});
