import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './pages.ts';

/** `npm run docs`: writes the generated pages of docs/. A test asserts that they are up to date. */
for (const { file, text } of pages()) {
  writeFileSync(join(import.meta.dirname, '..', file), text);
  console.log(file);
}
