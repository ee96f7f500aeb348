import type { NativeObject } from '../../../model/native.ts';
import { type Json, list, record, text } from '../../json.ts';
import { componentLabel, edgeComponent } from '../compile/labels.ts';
import { serviceName } from '../names.ts';
import { type Identity, stampedApp } from './identity.ts';

/** Whose the objects are that nobody stamped: Services by the pods that they select, routes by their Services. */
export interface Owners {
  /** Undefined for what belongs to no app that is known. */
  ownerOf(object: NativeObject): string | undefined;
}

export function owners(
  workloads: readonly { readonly object: NativeObject; readonly identity: Identity }[],
  objects: readonly NativeObject[],
): Owners {
  const pods = workloads.map(({ object, identity }) => ({ app: identity.app, labels: podLabels(object) }));
  const byService = new Map<string, string>();
  for (const { app } of pods) byService.set(serviceName(app), app);
  for (const object of objects.filter(({ kind }) => kind === 'Service')) {
    const app = stampedApp(object) ?? selected(record(object.body['spec'])['selector']);
    if (app !== undefined) byService.set(object.id, app);
  }

  function selected(selector: unknown): string | undefined {
    const wanted = Object.entries(record(selector));
    if (wanted.length === 0) return undefined;
    return pods.find(({ labels }) => wanted.every(([key, value]) => labels[key] === value))?.app;
  }

  return {
    ownerOf(object) {
      const stamped = stampedApp(object);
      if (stamped !== undefined) return stamped;
      const spec = record(object.body['spec']);
      if (object.kind === 'Service') return byService.get(object.id);
      if (object.kind === 'PodDisruptionBudget') return selected(record(spec['selector'])['matchLabels']);
      const service = backendsOf(spec).find((name) => byService.has(name));
      return service === undefined ? undefined : byService.get(service);
    },
  };
}

/** Names of the Services that an Ingress or HTTPRoute leads to. */
function backendsOf(spec: Json): readonly string[] {
  const rules = list(spec['rules']);
  const ofIngress = rules
    .flatMap(({ http }) => list(record(http)['paths']))
    .map(({ backend }) => record(record(backend)['service'])['name']);
  const ofRoute = rules.flatMap(({ backendRefs }) => list(backendRefs)).map(({ name }) => name);
  return [...ofIngress, ...ofRoute].flatMap((name) => text(name) ?? []);
}

function podLabels({ body }: NativeObject): Json {
  const template = record(record(body['spec'])['template']);
  return record(record(template['metadata'])['labels']);
}

/** What only leads to the edge says of an app that it lives elsewhere, not that it lives here. */
export function leadsElsewhere({ body }: NativeObject): boolean {
  return record(record(body['metadata'])['labels'])[componentLabel] === edgeComponent;
}
