import type { App, Work } from '../../model/app.ts';
import type { Note } from '../../model/note.ts';
import type { Residency } from '../../model/residence.ts';
import type { Schedule } from '../../model/schedule.ts';

/** One app in one home, as far as it can be seen there. */
export interface Side {
  /** `test1.mesos` */
  readonly home: string;
  /** Words that texts of this side may hold because of where it is; a text that differs in nothing else is the same. */
  readonly words: Words;
  /** As the home's live objects read. */
  readonly app: App;
  readonly notes: readonly SideNote[];
  /** What the home goes by when it starts a cron, by the cron's name. */
  readonly due: Readonly<Record<string, Schedule>>;
  /** What live objects hold in place of a secret, by its reference. Never shown. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  /** Apps by the address under which tasks of this home call them. */
  readonly callees: ReadonlyMap<string, string>;
  /** Whether the home itself gives its tasks a variable. */
  gives(variable: string): boolean;
  /** As remembered; undefined where nobody knows. */
  readonly residency?: Pick<Residency, 'share' | 'duty'>;
  /** What of the model follows the residency. */
  readonly work?: Work;
}

export interface Words {
  readonly environment: string;
  readonly stage?: string;
  readonly domain?: string;
}

/** What a home does not carry as the model says it. */
export interface SideNote {
  readonly note: Note;
  /** `live`: somebody wrote it there. `model`: the platform's own translation of what was read. */
  readonly from: 'live' | 'model';
  /** What of the model it is about: `routes`, `crons.SYNC.schedule`; undefined where that is not known. */
  readonly about?: string;
}

/** Two homes that are compared. */
export interface Pair {
  readonly left: Side;
  readonly right: Side;
  /** The environment whose edge is in front of both; undefined where each has a front of its own. */
  readonly edge?: string;
  /** ms since 1970. */
  readonly now: number;
}
