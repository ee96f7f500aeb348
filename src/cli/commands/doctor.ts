import { isFailure } from '../../model/failure.ts';
import type { Finding } from '../../operations/operations.ts';
import type { Command } from '../command.ts';
import type { Output } from '../output.ts';
import { marksFor } from '../progress/marks.ts';

export const command: Command = {
  name: 'doctor',
  summary: 'look whether everything is there that rehome needs',
  description:
    'Looks at Node, the workspace, its state file, and every home. Ends with 1 where something is wrong.',
  args: [],
  flags: [],
  examples: [['rehome doctor', 'a list of what was looked at, each with what to do']],
  run: async ({ output, open }) => {
    const operations = await open();
    const findings = isFailure(operations)
      ? [nodeFinding(), workspaceFinding(operations)]
      : await operations.doctor();
    output.document({ findings });
    output.data(findings.map((finding) => findingText(finding, output)).join('\n'));
    return findings.every((finding) => finding.ok) ? 0 : 1;
  },
};

/** What can be said without a workspace. */
function nodeFinding(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 24;
  return {
    ok,
    subject: `node ${process.versions.node}`,
    message: ok ? 'new enough' : 'too old',
    ...(ok ? {} : { hint: 'rehome needs Node 24 or newer' }),
  };
}

function workspaceFinding(problem: { message: string; hint?: string }): Finding {
  const { message, hint } = problem;
  return { ok: false, subject: 'workspace', message, ...(hint === undefined ? {} : { hint }) };
}

function findingText(finding: Finding, output: Output): string {
  const { dataStyle: paint } = output;
  const marks = marksFor(output.unicode);
  const mark = finding.ok ? paint.green(marks.done) : paint.red(marks.failed);
  const hint = finding.hint ? `\n    ${finding.hint}` : '';
  return `${mark} ${paint.bold(finding.subject)}: ${finding.message}${hint}`;
}
