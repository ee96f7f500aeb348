import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Compares a text with `golden/NAME.txt` beside the test; `node --test --test-update-snapshots` writes it. */
export function golden(t: TestContext, folder: string, name: string, text: string): void {
  t.assert.fileSnapshot(text.endsWith('\n') ? text : `${text}\n`, join(folder, 'golden', `${name}.txt`), {
    serializers: [String],
  });
}
