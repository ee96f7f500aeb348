import { styleText } from 'node:util';

/** What tells the story. In `--json` nobody listens. */
export interface Voice {
  chapter(number: number, title: string): void;
  say(text: string): void;
  command(line: string): void;
  output(line: string): void;
  /** How a chapter ended. */
  end(ok: boolean, seconds: number, why?: string): void;
}

const paint = (format: Parameters<typeof styleText>[0], text: string) =>
  styleText(format, text, { stream: process.stdout });

/** A pass-through: `--json` prints one document and nothing else. */
export const silent: Voice = { chapter() {}, say() {}, command() {}, output() {}, end() {} };

export const aloud: Voice = {
  chapter: (number, title) => console.log(`\n${paint('bold', `${number}. ${title}`)}`),
  say: (text) => {
    for (const line of wrapped(text, 86)) console.log(`   ${line}`);
  },
  command: (line) => console.log(`   ${paint('cyan', `$ ${line}`)}`),
  output: (line) => console.log(`     ${line}`),
  end: (ok, seconds, why) => {
    const mark = ok ? paint('green', '✓') : paint('red', '✗');
    console.log(`   ${mark} ${paint('dim', `${seconds.toFixed(1)} s`)}${why ? `  ${why}` : ''}`);
  },
};

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
