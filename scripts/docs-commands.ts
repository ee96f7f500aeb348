import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandReference } from '../src/cli/help/reference.ts';
import { list } from '../src/cli/index.ts';

/** docs/commands.md: `node scripts/docs-commands.ts` writes it; a test asserts that it is up to date. */
export async function commandsPage(): Promise<{ readonly file: string; readonly text: string }> {
  return { file: 'docs/commands.md', text: await commandReference(list) };
}

if (import.meta.main) {
  const { file, text } = await commandsPage();
  writeFileSync(join(import.meta.dirname, '..', file), text);
  console.log(file);
}
