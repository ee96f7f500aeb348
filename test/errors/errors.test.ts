import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openWorkspace } from '../../src/manifest/open.ts';
import { type Failure, isFailure } from '../../src/model/failure.ts';
import { build, plugins, seedWorkspace, writeFiles } from '../support/workspace.ts';

/*
 * One file for each thing that can be wrong: `== FILE` begins a file of the workspace, `== build APP WHERE` asks
 * for a model, `== expected` is what a person is told. UPDATE=1 writes what is found as expected.
 */

for (const path of globSync('*.txt', { cwd: import.meta.dirname }).sort()) {
  test(basename(path, '.txt'), (t) => {
    const file = join(import.meta.dirname, path);
    const text = readFileSync(file, 'utf8');
    const sections = new Map(
      text
        .split(/^== /m)
        .slice(1)
        .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
    );
    const expected = sections.get('expected') ?? '';
    const found = told(t, sections);
    if (process.env['UPDATE']) writeFileSync(file, `${text.split('== expected\n')[0]}== expected\n${found}`);
    else assert.equal(found, expected);
  });
}

function told(t: Parameters<typeof writeFiles>[0], sections: ReadonlyMap<string, string>): string {
  const files = [...sections].filter(([name]) => name.includes('.') && !name.startsWith('build '));
  const root = writeFiles(t, { 'rehome.yaml': seedWorkspace, ...Object.fromEntries(files) });
  const workspace = openWorkspace(root, plugins);
  const request = [...sections.keys()].find((name) => name.startsWith('build '));
  const [, app = '', where = ''] = request?.split(' ') ?? [];
  const result = isFailure(workspace) || !request ? workspace : build(workspace, app, where);
  if (!isFailure(result)) return 'nothing is wrong\n';
  return [result, ...(result.more ?? [])].map(show).join('');
}

function show({ code, message, hint, place }: Failure): string {
  const at = place ? `${place.file}:${place.line}:${place.column}` : 'nowhere';
  return `${at} ${code}\n  ${message}\n${hint ? `  (${hint})\n` : ''}`;
}
