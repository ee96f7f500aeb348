/**
 * Kubernetes itself expands `$(NAME)` and `$$` in commands, arguments and values of env:
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 * A text of the model is meant as it stands, so what would be expanded is escaped.
 */
export function escaped(text: string): string {
  return text.includes('$') ? text.replace(/\$\$+|\$(?=\()/g, (run) => run + run) : text;
}

export interface Expanded {
  readonly text: string;
  /** Names that stand in it and are not known; they stay as they are, as Kubernetes leaves them. */
  readonly unknown: readonly string[];
}

/** What Kubernetes makes of a text; the other way round of `escaped`, for which it needs to know no name. */
export function expanded(text: string, known: Readonly<Record<string, string>> = {}): Expanded {
  const unknown: string[] = [];
  if (!text.includes('$')) return { text, unknown };
  const made = text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    if (Object.hasOwn(known, name)) return known[name] ?? '';
    unknown.push(name);
    return whole;
  });
  return { text: made, unknown };
}
