import { type Failure, isFailure } from '../../model/failure.ts';
import type { Rendered } from '../../operations/operations.ts';
import { whereFlag } from '../arguments/known-flags.ts';
import { parseTarget } from '../arguments/target.ts';
import type { Command, Invocation } from '../command.ts';
import { noteDocument, noteText } from '../output/note-text.ts';
import { plainBody } from '../plans/plain-body.ts';

export const command: Command = {
  name: 'render',
  summary: 'print the native objects of an app',
  description:
    'Prints what the platform would be sent, without looking at it. Secrets stay references. ' +
    'With --output json one object is printed as it is, several as a list.',
  args: [
    {
      name: 'APP:VERSION',
      summary: 'which version of which app, say hcn:1.0.0',
      required: true,
      complete: 'target',
    },
  ],
  flags: [
    whereFlag,
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      summary: 'how to print',
      choices: ['yaml', 'json'],
      default: 'yaml',
    },
    { name: 'notes', summary: 'also tell on stderr what could not be carried exactly' },
  ],
  examples: [
    ['rehome render hcn:1.0.0 -e prod', 'the Marathon app of hcn in prod, as YAML'],
    ['rehome render hcn:1.0.0 -e prod --output json', 'the same as JSON'],
  ],
  run,
};

async function run(invocation: Invocation): Promise<number | Failure> {
  const { args, flags, output } = invocation;
  const target = parseTarget(args['APP:VERSION']?.[0] ?? '');
  if (isFailure(target)) return target;
  const operations = await invocation.open();
  if (isFailure(operations)) return operations;
  const rendered = await operations.render(target, flags.text('environment') ?? '');
  if (isFailure(rendered)) return rendered;
  output.document(document(rendered));
  output.data(flags.text('output') === 'json' ? asJson(rendered) : await asYaml(rendered));
  tellNotes(rendered, invocation);
  return 0;
}

function document(rendered: readonly Rendered[]): unknown {
  return {
    homes: rendered.map(({ home, platform, objects, notes }) => ({
      home,
      platform,
      objects: objects.map((object) => ({ ...object, body: plainBody(object.body) })),
      notes: notes.map(noteDocument),
    })),
  };
}

function asJson(rendered: readonly Rendered[]): string {
  const bodies = rendered.flatMap(({ objects }) => objects.map(({ body }) => plainBody(body)));
  return JSON.stringify(bodies.length === 1 ? bodies[0] : bodies, undefined, 2);
}

/** One document per object; what it is stands above it where there are several. */
async function asYaml(rendered: readonly Rendered[]): Promise<string> {
  const { dump } = await import('js-yaml');
  const all = rendered.flatMap(({ home, objects }) => objects.map((object) => ({ home, object })));
  const texts = all.map(({ home, object }) => {
    const title = all.length > 1 ? `# ${object.kind} ${object.id} in ${home}\n` : '';
    return title + dump(plainBody(object.body), { noRefs: true, lineWidth: -1 });
  });
  return texts.join('---\n').trimEnd();
}

function tellNotes(rendered: readonly Rendered[], { flags, output }: Invocation): void {
  const notes = rendered.flatMap((each) => each.notes);
  if (notes.length === 0) return;
  if (!flags.on('notes') && !output.verbose) {
    const count = notes.length === 1 ? '1 note' : `${notes.length} notes`;
    output.line(output.lineStyle.dim(`${count}; --notes shows more`));
  } else for (const note of notes) output.line(noteText(note, output.lineStyle));
}
