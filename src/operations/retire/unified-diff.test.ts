import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unifiedDiff } from './unified-diff.ts';

const lines = Array.from({ length: 12 }, (_, at) => `line ${at}`);
const text = `${lines.join('\n')}\n`;

test('the difference of two texts is one hunk with three lines around it', () => {
  const after = text.replace('line 5\nline 6\n', 'other\n');
  assert.equal(
    unifiedDiff('a.yml', text, after),
    [
      ...['--- a/a.yml', '+++ b/a.yml', '@@ -3,8 +3,7 @@'],
      ...[
        ' line 2',
        ' line 3',
        ' line 4',
        '-line 5',
        '-line 6',
        '+other',
        ' line 7',
        ' line 8',
        ' line 9',
        '',
      ],
    ].join('\n'),
  );
  assert.equal(unifiedDiff('a.yml', text, text), '');
});

test('git takes it for a patch, at the beginning, at the end and without a last line end', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-diff-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.yml');
  const pairs = [
    [text, text.replace('line 0\n', '')],
    [text, text.replace('line 11\n', '')],
    [text, text.replace('line 10\nline 11\n', 'line 10')],
    [text.trimEnd(), text.replace('line 4\n', '').trimEnd()],
    ['only\n', ''],
  ] as const;
  for (const [before, after] of pairs) {
    writeFileSync(file, before);
    const patch = unifiedDiff('a.yml', before, after);
    const { status, stderr } = spawnSync('git', ['apply', '-'], {
      cwd: folder,
      input: patch,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${stderr}\n${patch}`);
    assert.equal(readFileSync(file, 'utf8'), after);
  }
});
