import { compileSpeed } from './compile-speed.ts';
import { deploySpeed } from './deploy-speed.ts';
import { edgeSpeed } from './edge-speed.ts';
import { kubernetesSpeed } from './kubernetes-speed.ts';
import { startSpeed } from './start-speed.ts';
import { syncSpeed } from './sync-speed.ts';

/** One line of the result: what was measured, against what, and the limit that is aimed at. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: string;
  readonly ok: boolean;
  readonly details: string;
}

/**
 * `npm run bench [-- NAME...]`: measures on this machine, in one run, and prints ratios. Limits are aims, not
 * tests: a busy machine fails nothing. `--json` prints one document.
 */
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const all = {
  start: startSpeed,
  compile: compileSpeed,
  deploy: deploySpeed,
  sync: syncSpeed,
  edge: edgeSpeed,
  kubernetes: kubernetesSpeed,
};
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(all)) {
  if (words.length > 0 && !words.includes(name)) continue;
  console.error(`${name} …`);
  figures.push(...(await measure()));
}
if (process.argv.includes('--json')) console.log(JSON.stringify({ figures }, null, 1));
else for (const figure of figures) console.log(show(figure));

function show({ name, value, unit, limit, ok, details }: Figure): string {
  const figure = `${value.toFixed(value < 10 ? 2 : 0)}${unit ? ` ${unit}` : ''}`;
  return `${ok ? 'ok ' : 'OVER'} ${name.padEnd(44)} ${figure.padStart(9)}  (aim: ${limit}; ${details})`;
}
