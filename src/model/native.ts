/**
 * One object of a platform in the platform's own terms: a Marathon app, a Chronos job, a Deployment.
 * In objects that compile made, an env value may still be a SecretRef; it is revealed just before sending.
 */
export interface NativeObject {
  /** The platform's word for its kind: `marathon app`, `chronos job`. */
  readonly kind: string;
  /** Unique within its kind and home: `/hcn`. */
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  /**
   * What the model says and the platform has no field for, as text by key. `apply` writes it beside the stamps of
   * the release, `read` finds it there again. It is no part of what a plan compares: never a reason to write.
   */
  readonly remarks?: Readonly<Record<string, string>>;
  /** Of a live object: paths whose values are secrets, with their references, so that they are never shown. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** One visible write. Every write to a platform is one of these, shown in a plan before. */
export interface Change {
  readonly action: 'create' | 'update' | 'delete';
  /** For people: `marathon app /hcn`. */
  readonly object: string;
  readonly home: string;
  readonly fields: readonly FieldChange[];
  readonly before?: NativeObject;
  readonly after?: NativeObject;
}

/** `from` and `to` are for show: secrets are masked. */
export interface FieldChange {
  /** `env.LOGSTASH_TAG`, `healthChecks[0].path`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}
