import { isSecret } from '../../model/app.ts';
import type { Change, FieldChange } from '../../model/native.ts';
import type { Plan, PlannedApp } from '../../operations/operations.ts';
import { noteDocument, noteText } from '../output/note-text.ts';
import type { Style } from '../output/style.ts';
import type { Output } from '../output.ts';

/** Shows what would change: as text, or as the document of `plan --json`. */
export function showPlan(plan: Plan, output: Output): void {
  output.document(planDocument(plan));
  output.event({ type: 'plan', ...planDocument(plan) });
  output.data(planText(plan, output));
}

/** A plan for people: app by app, then how much it is. */
export function planText(plan: Plan, output: Output): string {
  const apps = plan.apps.flatMap((app) => appText(app, plan.environment, output));
  return [...apps, totals(plan)].join('\n');
}

/** Whether a deploy would do anything at all. */
function differs(plan: Plan): boolean {
  return plan.apps.some((app) => app.changes.length > 0 || (app.migrates ?? app.unmigrates) !== undefined);
}

/** The exit code of a plan: 2 where rules forbid the deployment, else 3 for differences where that is asked. */
export function planExit(plan: Plan, tellsDifferences: boolean): number {
  const forbidden = plan.apps.some(({ notes }) => notes.some(({ severity }) => severity === 'error'));
  if (forbidden) return 2;
  return tellsDifferences && differs(plan) ? 3 : 0;
}

/** A plan as `--json` shows it. */
export function planDocument(plan: Plan) {
  return {
    environment: plan.environment,
    changes: plan.apps.flatMap((app) =>
      app.changes.map(({ action, object, home, fields }) => ({ app: app.app, home, action, object, fields })),
    ),
    apps: plan.apps.map(({ changes: _above, notes, ...app }) => ({ ...app, notes: notes.map(noteDocument) })),
  };
}

function appText(app: PlannedApp, environment: string, output: Output): readonly string[] {
  const paint = output.dataStyle;
  const now = app.current === undefined ? 'not there yet' : `now ${app.current}`;
  const title = `${paint.bold(`${app.app} ${app.version}`)} in ${environment} ${paint.dim(`(${now})`)}`;
  const notes = app.notes.filter((note) => output.verbose || note.severity !== 'info');
  const lines = [
    ...app.changes.flatMap((change) => changeText(change, paint)),
    ...(app.migrates === undefined ? [] : [`  ${paint.yellow('!')} migrate to schema ${app.migrates}`]),
    ...(app.unmigrates === undefined
      ? []
      : [`  ${paint.red('!')} take the data back from schema ${app.unmigrates}`]),
    ...notes.map((note) => `  ${noteText(note, paint)}`),
  ];
  return [title, ...(lines.length === 0 ? [paint.dim('  no changes')] : lines)];
}

export function changeText(change: Change, paint: Style): readonly string[] {
  const signs = { create: paint.green('+'), update: paint.yellow('~'), delete: paint.red('-') };
  const head = `  ${signs[change.action]} ${change.action} ${change.object} ${paint.dim(`in ${change.home}`)}`;
  return [head, ...change.fields.map((field) => `      ${fieldText(field, paint)}`)];
}

function fieldText(field: FieldChange, paint: Style): string {
  if (field.from === undefined) return `${field.path}: ${paint.green(value(field.to))}`;
  if (field.to === undefined) return `${field.path}: ${paint.red(value(field.from))} goes`;
  return `${field.path}: ${paint.red(value(field.from))} → ${paint.green(value(field.to))}`;
}

function value(of: unknown): string {
  if (typeof of === 'string' && /^\(secret [^)]*\)$/.test(of)) return of;
  return JSON.stringify(of, (_key, part: unknown) => (isSecret(part) ? `(secret ${part.ref})` : part)) ?? '';
}

function totals(plan: Plan): string {
  const changes = plan.apps.flatMap((app) => app.changes);
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  if (!differs(plan)) return 'Nothing would change.';
  return `Would create ${count('create')}, update ${count('update')}, delete ${count('delete')}.`;
}
