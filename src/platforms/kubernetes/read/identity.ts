import type { NativeObject } from '../../../model/native.ts';
import { record, text } from '../../json.ts';
import { remembered } from '../../remarks.ts';
import { componentLabel, nameLabel, versionLabel } from '../compile/labels.ts';
import { stampsInAnnotations } from '../stamps.ts';

/** Whose a native object is, and what of it. */
export interface Identity {
  readonly app: string;
  /** The service of the app, where the app has several. */
  readonly part?: string;
}

/** By its stamps, else by the labels that everybody uses, else by its name. */
export function identityOf(object: NativeObject, others: readonly NativeObject[]): Identity {
  const app = stampedApp(object) ?? labelOf(object, nameLabel) ?? ownName(object);
  const name = ownName(object);
  if (stampedApp(object) !== undefined || name === app) return { app };
  const siblings = others.filter((other) => other !== object && other.kind === object.kind);
  const isAlone = !siblings.some((other) => (stampedApp(other) ?? labelOf(other, nameLabel)) === app);
  if (isAlone) return { app };
  return { app, part: labelOf(object, componentLabel) ?? name };
}

/** Undefined for what rehome has not written, or whose stamps somebody took away. */
export function stampedApp({ body, remarks }: NativeObject): string | undefined {
  const { annotations } = record(body['metadata']);
  return remembered({ ...remarks, ...stampsInAnnotations(annotations) }).app;
}

/** `hcn-deployment` is the Deployment of `hcn`. */
function ownName({ kind, id }: NativeObject): string {
  return kind === 'Deployment' && id.length > suffix.length && id.endsWith(suffix)
    ? id.slice(0, -suffix.length)
    : id;
}

const suffix = '-deployment';

function labelOf({ body }: NativeObject, label: string): string | undefined {
  return text(record(record(body['metadata'])['labels'])[label]);
}

/** By its label, else the tag of its image. */
export function versionOf(body: NativeObject['body'], image: string): string {
  const label = text(record(record(body['metadata'])['labels'])[versionLabel]);
  return label ?? /:([^:/@]+)$/.exec(image)?.[1] ?? '';
}
