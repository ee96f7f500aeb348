import { type Failure, isFailure } from '../../model/failure.ts';
import { movePhases } from '../../model/move.ts';
import type { MoveForecast, Operations, WaveRequest } from '../../operations/operations.ts';
import { span } from '../../report/words.ts';
import type { Output } from '../output.ts';
import { planDocument, planText } from '../plans/show-plan.ts';
import { marksFor } from '../progress/marks.ts';

/** Shows what moves would do, and does nothing. */
export async function showForecasts(
  operations: Operations,
  request: WaveRequest,
  output: Output,
): Promise<number | Failure> {
  const apps = request.apps ?? (await appsToMove(operations, request));
  if (isFailure(apps)) return apps;
  const forecasts: MoveForecast[] = [];
  for (const app of apps) {
    const forecast = await operations.planMove({ ...request, app });
    if (isFailure(forecast)) return forecast;
    forecasts.push(forecast);
  }
  const document = { dryRun: true, moves: forecasts.map(forecastDocument) };
  const [only, ...more] = document.moves;
  const shown = only && more.length === 0 ? { ...only, ...document } : document;
  output.document(shown);
  output.event({ type: 'plan', ...shown });
  for (const forecast of forecasts) output.data(forecastText(forecast, output));
  if (forecasts.length === 0) output.data('Nothing would move.');
  return 0;
}

/** Every app of the environment that does not live in the home alone. */
async function appsToMove(
  operations: Operations,
  { where, to }: WaveRequest,
): Promise<readonly string[] | Failure> {
  const apps = await operations.status({ environment: where });
  if (isFailure(apps)) return apps;
  const settled = (homes: (typeof apps)[number]['homes']) =>
    homes.every(({ home, share, duty }) => (home === to ? share === 100 && duty : share === 0 && !duty));
  return apps.filter(({ homes }) => homes.length > 0 && !settled(homes)).map(({ app }) => app);
}

function forecastDocument({ arrival, ...forecast }: MoveForecast) {
  return { ...forecast, changes: planDocument(arrival).changes };
}

function forecastText(forecast: MoveForecast, output: Output): string {
  const { app, version, environment, from, to, plan, actions, arrival } = forecast;
  const paint = output.dataStyle;
  const phases = movePhases.flatMap((phase) => {
    const own = actions.filter((each) => each.phase === phase);
    return own.map(({ action }, index) => `  ${(index === 0 ? phase : '').padEnd(9)} ${action}`);
  });
  const held = plan.manual ? 'held until somebody approves' : `held for ${span(plan.holdMs)}`;
  return [
    `${paint.bold(`${app} ${version}`)} in ${environment}: ${from} ${marksFor(output.unicode).arrow} ${to}`,
    paint.dim(
      `  stages ${plan.stages.join(', ')} %, each ${held}; ${from} kept warm for ${span(plan.soakMs)}`,
    ),
    ...phases,
    ...(arrival.apps.length === 0 ? [] : ['Arriving there:', planText(arrival, output)]),
  ].join('\n');
}
