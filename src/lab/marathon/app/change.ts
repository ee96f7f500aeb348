import { readShape } from '../json/read.ts';
import { isRefusal, noSuchApp, notValid, type Refusal } from '../refusal.ts';
import type { State } from '../state.ts';
import { checkApp, checkOldFields, checkVersionAlone } from './check.ts';
import type { AppDefinition, Draft } from './definition.ts';
import { normalise } from './normalise.ts';
import { checkId } from './path.ts';
import { type AppUpdate, newAppShape, updateShape } from './shape.ts';

/** A new app out of a body. */
export function readNewApp(body: unknown, idOf: (said: string) => string): Draft | Refusal {
  const update = readShape(newAppShape, body);
  return isRefusal(update) ? update : toDraft(idOf(update.id), update, undefined);
}

export interface UpdateOptions {
  /** Given fields replace those of the app; false: the others go back to their defaults. */
  readonly partial: boolean;
  /** Whether an app that does not exist is made. */
  readonly create: boolean;
}

/** An app as an update makes it; `{"version"}` brings an earlier one back. */
export function readUpdate(state: State, id: string, body: unknown, options: UpdateOptions): Draft | Refusal {
  const update = readShape(updateShape, body);
  return isRefusal(update) ? update : applyUpdate(state, id, update, options);
}

function applyUpdate(state: State, id: string, update: AppUpdate, options: UpdateOptions): Draft | Refusal {
  const current = state.apps.get(id);
  const ambiguous = checkVersionAlone(update);
  if (ambiguous.length > 0) return notValid(ambiguous);
  if (update.version !== undefined && current) return versionOf(state, id, update.version) ?? noSuchApp(id);
  const misnamed = current ? [] : checkId(id);
  if (misnamed.length > 0) return notValid(misnamed);
  const draft = toDraft(id, update, options.partial ? current : undefined);
  if (isRefusal(draft) || current || options.create) return draft;
  return noSuchApp(id);
}

/** One version of an app, whether or not it was ever the present one. */
export function versionOf(state: State, id: string, version: string): AppDefinition | undefined {
  return state.versionsOf(id).find((one) => one.version === version);
}

function toDraft(id: string, update: AppUpdate, base: Draft | undefined): Draft | Refusal {
  const old = checkOldFields(update);
  if (old.length > 0) return notValid(old);
  const draft = normalise(id, update, base);
  const faults = checkApp(draft);
  return faults.length > 0 ? notValid(faults) : draft;
}
