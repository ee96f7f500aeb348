import { styleText } from 'node:util';

/** What tells the story. */
export interface Voice {
  chapter(number: number, title: string): void;
  /** One paragraph. */
  say(...text: readonly string[]): void;
  command(line: string): void;
  output(line: string): void;
  /** On a terminal only, and only until the next line: what goes on. */
  passing(line: string): void;
  /** How a chapter ended. */
  end(ok: boolean, seconds: number, why?: string): void;
}

/** For `--json`, which prints one document and nothing else. */
export const silent: Voice = { chapter() {}, say() {}, command() {}, output() {}, passing() {}, end() {} };

const stream = process.stdout;
const widest = 86;

export const aloud: Voice = {
  chapter: (number, title) => print(`\n${paint('bold', `${number}. ${title}`)}`),
  say: (...text) => {
    for (const line of wrapped(text.join(' '))) print(`   ${line}`);
  },
  command: (line) => print(`   ${paint('cyan', `$ ${line}`)}`),
  output: (line) => print(`     ${line}`),
  passing: (line) => {
    if (stream.isTTY)
      stream.write(`\r\x1b[2K     ${paint('dim', line.slice(0, (stream.columns || 80) - 6))}`);
  },
  end: (ok, seconds, why) => {
    const mark = ok ? paint('green', '✓') : paint('red', '✗');
    print(`   ${mark} ${paint('dim', `${seconds.toFixed(1)} s`)}${why ? `  ${why}` : ''}`);
  },
};

function print(line: string): void {
  stream.write(`${stream.isTTY ? '\r\x1b[2K' : ''}${line}\n`);
}

function paint(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream });
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > widest) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
