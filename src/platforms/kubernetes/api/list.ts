import type { HttpResponse } from '../../../host/host.ts';
import { type Failure, isFailure } from '../../../model/failure.ts';
import { type Json, list, parseJson, record, text } from '../../json.ts';
import type { Kind } from '../kinds.ts';
import { type Asked, failureOf } from './status.ts';

type Page = { readonly asked: Asked; readonly response: HttpResponse } | Failure;

/** How often a list that changed too much while it was read is begun again. */
const mostBeginnings = 3;

/** All objects of a kind, chunk by chunk; the API leaves out of the items what they are. */
export async function listAll(
  kind: Kind,
  page: (more: string | undefined) => Promise<Page>,
): Promise<readonly Json[] | Failure> {
  const { apiVersion, kind: name } = kind;
  for (let beginning = 1; ; beginning++) {
    const items = await pages(page);
    if (!isFailure(items)) return items.map((item) => ({ apiVersion, kind: name, ...item }));
    if (items.code !== 'changes-missed' || beginning >= mostBeginnings) return items;
  }
}

async function pages(page: (more: string | undefined) => Promise<Page>): Promise<readonly Json[] | Failure> {
  const items: Json[] = [];
  for (let more: string | undefined; ; ) {
    const answer = await page(more);
    if (isFailure(answer)) return answer;
    const { asked, response } = answer;
    if (response.status === 404) return [];
    if (response.status >= 300) return failureOf(asked, response);
    const chunk = record(parseJson(response.body));
    items.push(...list(chunk['items']));
    more = text(record(chunk['metadata'])['continue']);
    if (!more) return items;
  }
}
