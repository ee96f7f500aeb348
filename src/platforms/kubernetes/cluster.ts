import type { Failure } from '../../model/failure.ts';
import type { Json } from '../json.ts';
import type { Kind } from './kinds.ts';

/** The API of one cluster, in the namespace of one home. Objects come whole, with `apiVersion` and `kind`. */
export interface Cluster {
  /** Where that is, which a kubeconfig may say: it is read when it is first needed. */
  place(): Promise<Place | Failure>;
  /** One request for all objects of a kind; a kind that the cluster does not know has none. */
  list(kind: Kind, query?: Query): Promise<readonly Json[] | Failure>;
  get(kind: Kind, name: string, signal?: AbortSignal): Promise<Json | undefined | Failure>;
  /**
   * Server-side apply with strict validation, as field manager `rehome`. What somebody else manages is a Failure
   * (`conflict`) that names the manager and the fields, unless `force`.
   */
  apply(kind: Kind, name: string, body: Json, options?: ApplyOptions): Promise<Json | Failure>;
  /** Undefined where an object of this name exists already. */
  create(kind: Kind, body: Json, signal?: AbortSignal): Promise<Json | undefined | Failure>;
  /** JSON merge patch, of the object or its status. Undefined where it does not exist. */
  patch(kind: Kind, name: string, body: Json, options?: PatchOptions): Promise<Json | undefined | Failure>;
  /** What is not there is removed already. Its dependents go after it. */
  remove(kind: Kind, name: string, signal?: AbortSignal, dryRun?: boolean): Promise<undefined | Failure>;
  /**
   * Changes from now on, or from `resourceVersion` on, until the connection ends or `signal` aborts. Without a version
   * everything that exists comes first, as ADDED. Does not reconnect; what was missed (410) ends it with a Failure.
   */
  watch(kind: Kind, query: WatchQuery): AsyncIterable<WatchEvent | Failure>;
  /** Lines of a pod's container. */
  log(pod: string, query: LogLines): AsyncIterable<string | Failure>;
}

export interface Place {
  readonly namespace: string;
  /** For messages: `https://10.0.0.1:6443`. */
  readonly server: string;
  /** Of the kubeconfig; undefined inside a pod. */
  readonly context?: string;
}

export interface Query {
  /** `app.kubernetes.io/name=hcn` */
  readonly labels?: string;
  /** `involvedObject.uid=…` */
  readonly fields?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ApplyOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface PatchOptions {
  readonly part?: 'status';
  readonly signal?: AbortSignal | undefined;
}

export interface WatchQuery extends Query {
  readonly resourceVersion?: string;
  /** The server has accepted: what happens from here on is told. */
  readonly onOpen?: () => void;
  /** Does not keep this process alive. */
  readonly background?: boolean;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Json;
}

export interface LogLines {
  readonly container?: string;
  /** Lines from the end; all where absent. */
  readonly tail?: number;
  readonly follow?: boolean;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  /** Every line begins with its time and a blank: `2026-01-01T10:00:00.123456789Z `. */
  readonly timestamps?: boolean;
  /** Only lines from this second on: `2026-01-01T10:00:00Z`. */
  readonly sinceTime?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}
