import { type Failure, isFailure } from '../../../model/failure.ts';
import type { NativeObject } from '../../../model/native.ts';
import { type Json, record } from '../../json.ts';
import type { ApplyContext } from '../../platform.ts';
import { stampsOf } from '../../remarks.ts';
import { revealed } from '../../reveal.ts';
import { applySetId, partOfLabel } from '../applyset.ts';
import { type Kind, kindNamed } from '../kinds.ts';
import { stampAnnotations } from '../stamps.ts';

/** One object as it is sent. */
export interface ToSend {
  readonly object: NativeObject;
  readonly kind: Kind;
  readonly body: Json;
}

export interface SendContext extends Pick<ApplyContext, 'release' | 'reveal'> {
  readonly namespace: string;
  /** Names of CronJobs that are armed; all others sleep until `setDuty`. */
  readonly armed: ReadonlySet<string>;
}

/** A compiled object with its secrets, the stamps of its release, its duty, and the set that it belongs to. */
export function toSend(object: NativeObject, context: SendContext): ToSend | Failure {
  const body = revealed(object, context.reveal);
  if (isFailure(body)) return body;
  const { labels, annotations, ...metadata } = record(body['metadata']);
  const stamps = stampAnnotations(stampsOf(context.release, object.remarks, {}));
  const whole = {
    ...body,
    metadata: {
      ...metadata,
      labels: { ...record(labels), [partOfLabel]: applySetId(context.namespace) },
      annotations: { ...record(annotations), ...stamps },
    },
  };
  return { object, kind: kindNamed(object.kind), body: ofKind(whole, object, context) };
}

function ofKind(body: Json, { kind, id }: NativeObject, { armed }: SendContext): Json {
  if (kind === 'CronJob') return { ...body, spec: { ...record(body['spec']), suspend: !armed.has(id) } };
  if (kind !== 'Secret') return body;
  // Who owns what in a Secret is only tracked for `data`.
  const { stringData, ...rest } = body;
  const data = Object.entries(record(stringData)).map(
    ([key, value]) => [key, base64(String(value))] as const,
  );
  return { ...rest, data: Object.fromEntries(data) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
