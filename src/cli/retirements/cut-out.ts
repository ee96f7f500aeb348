import { type Failure, fail, isFailure } from '../../model/failure.ts';
import type { Operations } from '../../operations/operations.ts';
import type { EmptiedHome } from '../../operations/retirements.ts';
import type { Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { emptiedDocument } from './document.ts';

/** Shows what still refers to an emptied home, and cuts it out once somebody agrees. */
export async function cutOut(invocation: Invocation, operations: Operations): Promise<number | Failure> {
  const { flags, output } = invocation;
  const where = flags.text('home') ?? '';
  const request = { where, gone: flags.on('gone') };
  const emptied = await operations.planCutOut(request);
  if (isFailure(emptied)) return emptied;
  if (flags.on('dry-run') || emptied.keeps.length > 0) {
    show(invocation, emptied);
    const document = emptiedDocument(emptied, false);
    output.document(flags.on('dry-run') ? { dryRun: true, ...document } : document);
    output.event({ type: flags.on('dry-run') ? 'plan' : 'end', ...document });
    return emptied.keeps.length > 0 ? 1 : 0;
  }
  show(invocation, emptied);
  const refused =
    (await agreed(invocation, where)) ?? (await confirm(invocation, operations, where, `cut ${where} out`));
  if (refused) return refused;
  const cut = await operations.cutOut(request);
  if (isFailure(cut)) return cut;
  output.document(emptiedDocument(cut, true));
  output.event({ type: 'end', ...emptiedDocument(cut, true) });
  output.line(`${where} is cut out of rehome.yaml.`);
  return 0;
}

function show({ output }: Invocation, emptied: EmptiedHome): void {
  const { environment, home, keeps, references, leftovers, others, patch } = emptied;
  const { dataStyle: paint } = output;
  const say = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    output.data(paint.bold(title));
    for (const line of lines) output.data(`  ${line}`);
  };
  say(`${environment}.${home} is still needed:`, keeps);
  say(
    'What refers to it:',
    references.map(({ file, line, text, what }) => `${file}:${line}: ${text}\n      ${paint.dim(what)}`),
  );
  say('What rehome left there, which goes too:', leftovers);
  say('What others run there, which stays:', others);
  if (patch !== '') output.data(patch.trimEnd());
}

/** What is written in files is asked about in every environment. */
async function agreed({ flags, ask, output }: Invocation, where: string): Promise<undefined | Failure> {
  if (flags.on('yes')) return undefined;
  const answer = ask && output.mode === 'text' ? await ask(`Cut ${where} out of rehome.yaml? [y/N] `) : '';
  if (/^y(es)?$/i.test(answer.trim())) return undefined;
  return fail('needs-confirmation', `cut ${where} out of rehome.yaml: nobody agreed`, {
    expected: '--yes, or y at a terminal',
  });
}
