import { features } from '../src/features/index.ts';
import { manifestPage } from '../src/manifest/reference/manifest-page.ts';
import { workspacePage } from '../src/manifest/reference/workspace-page.ts';
import { plugins } from '../src/rehome.ts';
import { rules } from '../src/rules/index.ts';
import { rulesPage } from '../src/rules/page.ts';

/** A page of docs/ that is made from the code. A new one: a line below. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

export function pages(): readonly Page[] {
  return [
    { file: 'docs/manifest.md', text: manifestPage(features) },
    { file: 'docs/rehome-yaml.md', text: workspacePage(plugins) },
    { file: 'docs/rules.md', text: rulesPage(rules) },
  ];
}
