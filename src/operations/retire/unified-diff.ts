/** Lines of context around a change. */
const around = 3;

/** The change of one place of a file as `diff -u` shows it; empty where nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [linesOf(before), linesOf(after)];
  const head = common(old, now);
  const tail = common(old.slice(head).reverse(), now.slice(head).reverse());
  const from = Math.max(0, head - around);
  const [oldEnd, nowEnd] = [old.length - tail, now.length - tail];
  const lines = [
    ...old.slice(from, head).map((line) => ` ${line}`),
    ...old.slice(head, oldEnd).map((line) => `-${line}`),
    ...now.slice(head, nowEnd).map((line) => `+${line}`),
    ...old.slice(oldEnd, oldEnd + around).map((line) => ` ${line}`),
  ];
  const count = (sign: string) => lines.filter((line) => line[0] !== sign).length;
  const range = (lines: number) => `${lines === 0 ? from : from + 1},${lines}`;
  const hunk = `@@ -${range(count('+'))} +${range(count('-'))} @@`;
  return [`--- a/${file}`, `+++ b/${file}`, hunk, ...lines, ''].join('\n');
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === ''
    ? lines.slice(0, -1)
    : [...lines.slice(0, -1), `${lines.at(-1)}\n\\ No newline at end of file`];
}

function common(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((line, at) => line !== b[at]);
  return end < 0 ? a.length : end;
}
