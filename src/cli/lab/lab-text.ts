import type { LabInfo } from '../../lab/control.ts';
import { table } from '../output/table.ts';
import type { Output } from '../output.ts';

/** Where the lab listens, for people. */
export function labInfoText(info: LabInfo, output: Output): readonly string[] {
  const rows = Object.entries(info.clusters).map(([name, { marathon, chronos }]) => [
    name,
    marathon,
    chronos,
  ]);
  const [heading = '', ...lines] = table(['ENV', 'MARATHON', 'CHRONOS'], rows);
  return [
    `The lab runs as process ${info.pid}; its own API is ${info.api}.`,
    ...(rows.length > 0 ? [output.dataStyle.dim(heading), ...lines] : []),
  ];
}
