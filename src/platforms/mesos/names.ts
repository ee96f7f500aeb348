import type { NativeObject } from '../../model/native.ts';
import { hash, plainName } from '../names.ts';

export const marathonKind = 'marathon app';
export const chronosKind = 'chronos job';

/** `/hcn` for the service that bears the app's name, `/hcn-worker` for others beside it. */
export function marathonId(app: string, service: string = app): string {
  return service === app ? `/${plainName(app)}` : `/${plainName(app)}-${plainName(service)}`;
}

/** Chronos takes letters, digits, `_`, `.` and `-`; any other name is made to fit and gets a hash of itself. */
export function chronosName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  return `${name.replace(/[^\w.-]+/g, '-')}-${hash(name)}`;
}

/** As people see it: `marathon app /hcn`. */
export function subjectOf({ kind, id }: Pick<NativeObject, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}
