import { type Violation, violation } from '../refusal.ts';
import { type Draft, portNames } from './definition.ts';

/** Ports and their names are unique within an app (not across apps). */
export function checkPorts(app: Draft): readonly Violation[] {
  const path = app.portDefinitions ? '/portDefinitions' : '/container/portMappings';
  const found: Violation[] = [];
  const names = portNames(app).filter((name) => name !== undefined);
  if (new Set(names).size < names.length) found.push(violation(path, 'Port names must be unique.'));
  const fixed = (app.portDefinitions ?? []).map((one) => one.port).filter((port) => port !== 0);
  if (new Set(fixed).size < fixed.length) found.push(violation(path, 'Ports must be unique.'));
  return found;
}
