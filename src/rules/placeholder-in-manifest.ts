import { type Note, note } from '../model/note.ts';
import type { Rule, RuleContext } from './rule.ts';

/** Braces that rehome.yaml would have filled; what is left of them came from the manifest. */
const leftOver = /(?<!\$)\{(app|version|env|stage)\}/;

export const placeholderInManifest: Rule = {
  id: 'placeholder-in-manifest',
  summary: 'No {app} or {version} stands in a manifest, where nobody fills it.',
  doc: `Placeholders in single braces belong to rehome.yaml. A manifest has expressions instead:
\`{{ app_name }}\`, \`{{ version }}\`, \`{{ env }}\`, \`{{ stage }}\`. A command of a manifest is never rewritten, so
\`node /app/{app}/main.js\` would look for a folder of that very name.`,
  check(context) {
    const { services, jobs, crons } = context.built.app;
    const commands = [...services, ...jobs, ...crons].map(({ name, command }) => ({ name, text: command }));
    const [service] = services;
    const variables = Object.entries(service?.env ?? {}).map(([name, text]) => ({ name, text }));
    return [
      ...commands.flatMap(({ name, text }) => found(`the command of ${name}`, text, context, 'command')),
      ...variables.flatMap(({ name, text }) => found(`the variable ${name}`, text, context, 'env', name)),
    ];
  },
};

function found(what: string, text: unknown, { built }: RuleContext, ...path: readonly string[]): Note[] {
  const placeholder = typeof text === 'string' ? leftOver.exec(text)?.[0] : undefined;
  if (!placeholder) return [];
  const name = placeholder === '{app}' ? 'app_name' : placeholder.slice(1, -1);
  return [
    note('placeholder-in-manifest', 'warning', `${placeholder} in ${what} is not filled in.`, {
      hint: `write {{ ${name} }}, in quotes`,
      place: built.place(...path),
    }),
  ];
}
