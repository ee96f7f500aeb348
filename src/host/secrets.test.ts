import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isFailure } from '../model/failure.ts';
import { openSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehome-secrets-'));
after(() => rmSync(folder, { recursive: true }));

describe('secrets', () => {
  test('come from the environment, a file of the workspace, or a command', () => {
    writeFileSync(join(folder, 'password'), 'from a file\n');
    const { reveal } = openSecrets(folder, { PASSWORD: 'from the environment' });
    assert.equal(reveal(ref('env:PASSWORD')), 'from the environment');
    assert.equal(reveal(ref('file:password')), 'from a file');
    assert.equal(reveal(ref('exec:echo from $(basename "$PWD")')), `from ${folder.split('/').at(-1)}`);
  });

  test('that lead nowhere are failures that say where they led', () => {
    const { reveal } = openSecrets(folder, {});
    for (const [secret, words] of [
      ['env:PASSWORD', /PASSWORD is not set/],
      ['file:none', /none cannot be read \(ENOENT\)/],
      ['exec:exit 3', /failed with exit code 3/],
      ['vault:x', /unknown kind/],
      ['kubernetes:shared/token', /lies in a Kubernetes cluster/],
    ] as const) {
      const failure = reveal(ref(secret));
      assert.ok(isFailure(failure));
      assert.equal(failure.code, 'missing-secret');
      assert.match(failure.message, words);
    }
  });

  test('a command is asked once', () => {
    const { reveal } = openSecrets(folder, {});
    const secret = ref('exec:echo $$');
    assert.equal(reveal(secret), reveal(secret));
  });

  test('are masked in what others print, once they were looked up', () => {
    const { reveal, mask } = openSecrets(folder, { PASSWORD: 'hunter22', SHORT: 'ab' });
    assert.equal(mask('login hunter22'), 'login hunter22');
    reveal(ref('env:PASSWORD'));
    reveal(ref('env:SHORT'));
    assert.equal(mask('login hunter22, hunter22; able'), 'login (env:PASSWORD), (env:PASSWORD); able');
  });

  test('a secret that begins as another does is hidden whole; one of several lines line by line', () => {
    const { reveal, mask } = openSecrets(folder, {
      USER_NAME: 'ada-1815',
      TOKEN: 'ada-1815-x',
      KEY: 'top\n\nend-of-it\r\n  ',
    });
    for (const name of ['USER_NAME', 'TOKEN', 'KEY']) reveal(ref(`env:${name}`));
    assert.equal(mask('ada-1815-x of ada-1815'), '(env:TOKEN) of (env:USER_NAME)');
    assert.equal(mask('>> end-of-it'), '>> (env:KEY)');
    assert.equal(mask('stop  here'), 'stop  here');
  });
});

function ref(text: string) {
  return { kind: 'Secret', ref: text } as const;
}
