import { type Manifest, type Reader, readManifest } from '../manifest/manifest.ts';
import { unknownUse } from '../manifest/uses.ts';
import type { Workspace } from '../manifest/workspace.ts';
import type { Env } from '../model/app.ts';
import { type Failure, fail, isFailure, together } from '../model/failure.ts';

/** By app: a URL, or a port of this machine. */
export type Addresses = Readonly<Record<string, string | number>>;

/** `ACCOUNT_URL` and the like, for the apps whose address is known. */
export function bindUses(uses: readonly string[], addresses: Addresses): Env {
  return Object.fromEntries(
    uses.flatMap((app) => {
      const address = Object.hasOwn(addresses, app) ? addresses[app] : undefined;
      if (address === undefined) return [];
      return [[variableOf(app), typeof address === 'number' ? `http://127.0.0.1:${address}` : address]];
    }),
  );
}

function variableOf(app: string): string {
  return `${app.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_URL`;
}

/**
 * Apps without a manifest, and circles. What is written plainly was found when the workspace was opened; here
 * come the values of expressions, which differ from home to home.
 */
export function checkUses(
  workspace: Workspace,
  request: Reader,
  manifest: Manifest,
  uses: readonly string[],
): Failure | undefined {
  const known = Object.keys(workspace.manifests);
  const unknown = uses.flatMap((app, index) =>
    known.includes(app)
      ? []
      : [{ ...unknownUse(request.app, app, known), place: manifest.place(['uses', index]) }],
  );
  if (unknown.length > 0) return together(unknown);
  if (!workspace.documents.usesDiffer) return undefined;
  const circle = findCircle(workspace, request, request.app, uses, [request.app]);
  if (!circle) return undefined;
  const text = circle.join(' → ');
  return fail('uses-cycle', `Apps use each other in a circle: ${text}.`, {
    found: text,
    hint: 'remove one of these `uses`',
    place: manifest.place(['uses', uses.indexOf(circle[1] ?? '')]),
  });
}

/** A way from `app` back to itself, or undefined. Apps that cannot be read in this home lead nowhere. */
function findCircle(
  workspace: Workspace,
  request: Reader,
  app: string,
  uses: readonly string[],
  way: readonly string[],
  seen: Set<string> = new Set(),
): readonly string[] | undefined {
  for (const used of uses) {
    if (used === app) return [...way, app];
    if (seen.has(used)) continue;
    seen.add(used);
    const manifest = readManifest(workspace, { ...request, app: used });
    if (isFailure(manifest)) continue;
    if (!workspace.documents.usesDiffer) return undefined;
    const circle = findCircle(workspace, request, app, manifest.application.uses ?? [], [...way, used], seen);
    if (circle) return circle;
  }
  return undefined;
}
