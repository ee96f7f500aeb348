import { type Failure, fail } from '../model/failure.ts';
import { suggest } from '../model/nearest.ts';
import type { Environment, Where, Workspace } from './workspace.ts';

/** Resolves `test1` or `test1.k8s`. `unknown-environment`, `unknown-home`, each with the nearest name. */
export function findWhere(workspace: Workspace, text: string): Where | Failure {
  const dot = text.indexOf('.');
  const name = dot < 0 ? text : text.slice(0, dot);
  const environment = findEnvironment(workspace, name);
  if (!environment) return unknownEnvironment(workspace, name);
  if (dot < 0) return { environment };
  const homeName = text.slice(dot + 1);
  const home = environment.homes.find((candidate) => candidate.name === homeName);
  return home ? { environment, home } : unknownHome(environment, homeName);
}

function findEnvironment({ environments }: Workspace, name: string): Environment | undefined {
  return Object.hasOwn(environments, name) ? environments[name] : undefined;
}

function unknownEnvironment({ environments }: Workspace, name: string): Failure {
  const hint = suggest(name, Object.keys(environments));
  return fail('unknown-environment', `rehome.yaml has no environment \`${name}\`.`, {
    found: name,
    expected: Object.keys(environments).join(', '),
    ...(hint ? { hint } : {}),
  });
}

function unknownHome({ name, homes }: Environment, home: string): Failure {
  const known = homes.map((candidate) => candidate.name);
  const hint = suggest(home, known);
  return fail('unknown-home', `The environment \`${name}\` has no home \`${home}\`.`, {
    found: home,
    expected: known.join(', '),
    ...(hint ? { hint } : {}),
  });
}
