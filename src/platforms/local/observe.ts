import { type Failure, isFailure } from '../../model/failure.ts';
import type { NativeObject } from '../../model/native.ts';
import type { Json } from '../json.ts';
import { stampsInLabels } from '../labels.ts';
import type { Scope } from '../platform.ts';
import { cronKind, serviceKind } from './names.ts';
import type { Supervisor } from './supervisor.ts';

/** See `Home.observe`. What is being removed is gone as far as anybody who wants to write is concerned. */
export async function observe(
  supervisor: Supervisor,
  { app, names = [] }: Scope,
  signal?: AbortSignal,
): Promise<readonly NativeObject[] | Failure> {
  const [services, crons] = await Promise.all([
    supervisor.list('services', signal),
    supervisor.list('crons', signal),
  ]);
  if (isFailure(services)) return services;
  if (isFailure(crons)) return crons;
  const staying = services.filter((service) => service['removing'] !== true);
  const objects = [
    ...staying.map((body) => object(serviceKind, body)),
    ...crons.map((body) => object(cronKind, body)),
  ];
  const isNamed = ({ kind, id }: NativeObject) => names.some((name) => name.kind === kind && name.id === id);
  return app === undefined ? objects : objects.filter((one) => appOf(one) === app || isNamed(one));
}

/** By its stamps, else by its name: `hcn.worker` belongs to `hcn`. */
export function appOf({ id, body }: NativeObject): string {
  return stampsInLabels(body['labels'])['app'] ?? id.split('.')[0] ?? id;
}

function object(kind: string, body: Json): NativeObject {
  return { kind, id: String(body['name']), body };
}
