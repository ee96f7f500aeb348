/** What a load is: raw sockets, no retries, a rate that does not wait for answers. */
export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
  /** Requests a second that are begun, however long answers take. */
  readonly rate: number;
  /** `close`: a connection for every request. `keep-alive`: idle connections are used again. */
  readonly mode?: 'keep-alive' | 'close';
  /** They take turns. */
  readonly methods?: readonly Method[];
  /** A request without a whole answer after this time has failed; default 10,000. */
  readonly timeoutMs?: number;
  /** Bytes of filling in the body of each POST, default 64. */
  readonly bodyBytes?: number;
  /** Body of each POST in place of the filling, sent as JSON; `{id}` in it becomes the request's id. */
  readonly json?: string;
  /**
   * Folder where the instances under test append the id of every POST that they carry out, one a line, in
   * files of their own. The id is in the header `X-Load-Id`.
   */
  readonly receipts?: string;
}

export type Method = 'GET' | 'POST';

export interface MethodCounts {
  readonly sent: number;
  /** Whole answers with a status of 200 to 299. */
  readonly answered: number;
  readonly failed: number;
  /** How many failed, by why: `refused`, `reset`, `closed without an answer`, `status 503`. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface Counts extends MethodCounts {
  readonly seconds: number;
  readonly byMethod: Readonly<Record<Method, MethodCounts>>;
  readonly rate: {
    readonly wanted: number;
    readonly achieved: number;
    /** Requests begun in the slowest whole second; below `wanted`, this machine was too slow to tell. */
    readonly slowestSecond: number;
  };
  /** From when a request was due to the end of its answer, in ms; those answered. */
  readonly latency: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** Connections that were opened. */
  readonly connections: number;
  /** From the receipts: what the instances say they carried out. */
  readonly posts?: PostCounts;
}

export interface PostCounts {
  readonly carriedOut: number;
  /** Carried out more than once. */
  readonly duplicated: number;
  /** Answered with success and yet not carried out. */
  readonly missing: number;
  /** Failed for the caller, and yet carried out. */
  readonly failedButCarriedOut: number;
}

/** What the sending thread hands over at the end. */
export interface RawCounts extends Omit<Counts, 'posts'> {
  /** Ids of POSTs by how they ended. */
  readonly answeredPosts: readonly string[];
  readonly failedPosts: readonly string[];
}
