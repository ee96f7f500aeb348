import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createEvaluator } from './guarded.ts';
import { hasTemplate, isProblem, parseTemplate } from './template.ts';

const variables = { k8s: false, mesos: true, platform: 'mesos', app_name: 'hcn', version: '1.0.0' };

function result(text: string): unknown {
  const template = parseTemplate(text);
  if (isProblem(template)) return { problem: template.message };
  const evaluated = evaluator.evaluate(template, variables);
  return 'value' in evaluated ? evaluated.value : evaluated;
}

const evaluator = createEvaluator();

test('an expression keeps its type, a text with expressions is a text', () => {
  assert.equal(result("{{ 'sync-customers' if k8s else 'ACCOUNT_SYNC' }}"), 'ACCOUNT_SYNC');
  assert.equal(result('{{ True }}'), true);
  assert.equal(result('{{ 2 * 2 }}'), 4);
  assert.equal(result('{{ 512.0 / 2 }}'), 256);
  assert.deepEqual(result("{{ ['a', app_name] }}"), ['a', 'hcn']);
  assert.equal(result('x-{{ app_name }}:{{ version }}'), 'x-hcn:1.0.0');
  assert.equal(result('{{ mesos }}!'), 'True!');
  assert.equal(result("{{ app_name.upper() ~ '_' ~ (platform | replace('m', 'M')) }}"), 'HCN_Mesos');
  assert.equal(result('{{ none }}'), null);
});

test('names are the variables, not attributes, filters, tests or arguments', () => {
  const template = parseTemplate("{{ a.b | replace(c, d=e) if f is defined and g[h] else {'i': j} }}");
  assert.ok(!isProblem(template));
  assert.deepEqual([...template.names].sort(), ['a', 'c', 'e', 'f', 'g', 'h', 'j']);
  assert.equal(template.bounded, false);
});

test('what cannot be read is a problem in words', () => {
  const messages: Readonly<Record<string, RegExp>> = {
    '{{ a': /ends before it is closed/,
    '{{ }}': /a value is missing before }}/,
    '{{ 5 + }}': /a value is missing before }}/,
    '{{ a b }}': /expected }} or an operator but found Identifier/,
    '{{ a + }}': /./,
    '{% if a %}{% endif %}': /no statements/,
    'a {# b #}': /no comments/,
    '{{ a ? b }}': /Unexpected character: \?/,
  };
  for (const [text, message] of Object.entries(messages)) {
    const template = parseTemplate(text);
    assert.ok(isProblem(template), text);
    assert.match(template.message, message);
  }
  assert.ok(isProblem(parseTemplate(`{{ ${'('.repeat(4_000)} }}`)));
  assert.ok(isProblem(parseTemplate(`{{ '${'x'.repeat(5_000)}' }}`)));
  assert.equal(hasTemplate('echo $' + '{HOME} {app}'), false);
});

test('what cannot be evaluated is an error in words', () => {
  const errors: Readonly<Record<string, RegExp>> = {
    "{{ 'a' if k8s }}": /no value/,
    '{{ 1 / 0 }}': /not a finite number/,
    '{{ app_name.upper }}': /function/,
    '{{ app_name | nope }}': /nope/,
    '{{ app_name - 1 }}': /operator/,
  };
  for (const [text, message] of Object.entries(errors)) {
    assert.match(JSON.stringify(result(text)), message, text);
  }
});

test('an expression that explodes is killed, and the next one is evaluated', () => {
  const explode = `{{ 'aaaaaaaaaa'${"|replace('a','aaaaaaaaaaaaaaaaaaaa')".repeat(9)} }}`;
  assert.match(JSON.stringify(result(explode)), /longer than 100 ms/);
  const slow = `{{ 'aaaaaaaaaa'${"|replace('a','aaaaaaaaaa')".repeat(6)}${"|replace('b','c')".repeat(60)} }}`;
  // A fast machine may even end it in time, and then it is too large.
  assert.match(JSON.stringify(result(slow)), /longer than 100 ms|more than 65536 characters/);
  assert.equal(result('{{ app_name.upper() }}'), 'HCN');
});

test('a result may not be enormous', () => {
  const large = `{{ 'aaaaaaaaaa'${"|replace('a','aaaaaaaaaa')".repeat(4)} }}`;
  assert.match(JSON.stringify(result(large)), /more than 65536 characters/);
});

test('a thread that leaves for want of work is replaced, at whatever moment it leaves', async () => {
  const hasty = createEvaluator(1);
  const template = parseTemplate('{{ app_name.upper() }}');
  assert.ok(!isProblem(template));
  for (let round = 0; round < 15; round += 1) {
    assert.deepEqual(hasty.evaluate(template, variables), { value: 'HCN' });
    await new Promise((resolve) => setTimeout(resolve, round % 4));
  }
});

test('the thread does not keep a process alive', () => {
  const script = `
    import { createEvaluator } from ${JSON.stringify(import.meta.resolve('./guarded.ts'))};
    import { parseTemplate } from ${JSON.stringify(import.meta.resolve('./template.ts'))};
    const { value } = createEvaluator(600_000).evaluate(parseTemplate("{{ 'a'.upper() }}"), {});
    console.log(value);`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  assert.deepEqual([stdout, status], ['A\n', 0]);
});
