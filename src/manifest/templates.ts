import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import { constants } from './expressions/evaluate.ts';
import { hasTemplate, isProblem, parseTemplate, type Template } from './expressions/template.ts';
import { placeOf, type Scalar, scalars, type Tree } from './yaml/tree.ts';

/** Names that expressions may use. */
export const variableNames = ['k8s', 'mesos', 'platform', 'env', 'stage', 'app_name', 'version'] as const;

/** The texts of a tree that hold expressions, parsed once; problems are added to `failures`. */
export function parseTemplates(tree: Tree, failures: Failure[]): ReadonlyMap<Scalar, Template> {
  const templates = new Map<Scalar, Template>();
  for (const scalar of scalars(tree)) {
    if (typeof scalar.value !== 'string' || !hasTemplate(scalar.value)) continue;
    const template = parseTemplate(scalar.value);
    if (isProblem(template)) {
      const { code, message, hint } = template;
      failures.push(
        fail(code, message, { place: placeOf(scalar.at), found: scalar.value, ...(hint ? { hint } : {}) }),
      );
    } else {
      failures.push(...unknownNames(template, scalar));
    }
    templates.set(scalar, isProblem(template) ? unreadable(scalar.value) : template);
  }
  return templates;
}

/** Stands for a template that was reported, so that nothing more is said about its value. */
function unreadable(text: string): Template {
  return { text, parts: [], whole: true, names: [], bounded: true };
}

function unknownNames(template: Template, scalar: Scalar): Failure[] {
  const known = [...variableNames, ...Object.keys(constants)];
  return template.names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const hint = suggest(name, variableNames);
      return fail('jinja-unknown-name', `The expression uses \`${name}\`, which does not exist.`, {
        place: placeOf(scalar.at),
        found: name,
        expected: variableNames.join(', '),
        ...(hint?.startsWith('did') ? { hint } : {}),
      });
    });
}
