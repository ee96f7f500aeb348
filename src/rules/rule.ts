import type { App } from '../model/app.ts';
import type { Failure } from '../model/failure.ts';
import type { Note, Place } from '../model/note.ts';

/** One guard against the devil in the details, for one app in one home. It looks; it changes nothing. */
export interface Rule {
  /** Stable, kebab-case; also the id of its notes, unless `doc` says otherwise. */
  readonly id: string;
  /** One line for help. */
  readonly summary: string;
  /** A few sentences for the reference: what goes wrong without it, and what to do. */
  readonly doc: string;
  check(context: RuleContext): readonly Note[];
}

/** What rules look at; a workspace, an environment, a home and a built app fit as they are. */
export interface RuleContext {
  readonly workspace: {
    readonly root: string;
    readonly images?: Readonly<Record<string, string>>;
    /** Where something stands in rehome.yaml. */
    place(path: readonly PropertyKey[]): Place;
  };
  readonly environment: { readonly name: string; readonly edge?: unknown };
  readonly home: { readonly name: string };
  readonly built: {
    readonly app: App;
    /** Where a key of the manifest stands. */
    place(...path: readonly (string | number)[]): Place;
    /** Where an environment variable comes from. */
    origin(variable: string): Place | undefined;
  };
  /**
   * Looks for an image's folder as the home will. Handed in for homes that run images from folders of the
   * workspace; without it nothing can be said about images.
   */
  readonly findImage?: (image: string) => string | Failure;
}
