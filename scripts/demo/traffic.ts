import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startLoad } from '../../test/load/start.ts';

export interface Requests {
  readonly sent: number;
  readonly failed: number;
  /** Transfers that were carried out more than once, counted in the books of the accounts. */
  readonly duplicated: number;
}

export interface Traffic {
  stop(): Promise<Requests & { readonly reasons: readonly string[] }>;
}

/** Customers: they read their accounts and move money through the api's address, and never ask twice. */
export function startTraffic(apiAddress: string, dataFolder: string, rate: number): Traffic {
  const { hostname: host, port } = new URL(apiAddress);
  const to = { host, port: Number(port), rate: rate / 2 };
  const json = JSON.stringify({ id: '{id}', source: 'current', target: 'savings', amount: 1 });
  const loads = [
    startLoad({ ...to, path: '/api/accounts', methods: ['GET'] }),
    startLoad({ ...to, path: '/api/transfers', methods: ['POST'], json }),
  ];
  return {
    async stop() {
      const counts = await Promise.all(loads.map((load) => load.stop()));
      const sum = (key: 'sent' | 'failed') => counts.reduce((total, count) => total + count[key], 0);
      const reasons = counts.flatMap((count) => Object.keys(count.reasons));
      return { sent: sum('sent'), failed: sum('failed'), duplicated: duplicates(dataFolder), reasons };
    },
  };
}

/** Only the customers take from `current`; the staged tests repeat a transfer of another account on purpose. */
function duplicates(dataFolder: string): number {
  using books = new DatabaseSync(join(dataFolder, 'accounts.db'), { readOnly: true });
  const row = books
    .prepare("SELECT coalesce(sum(seen - 1), 0) AS n FROM transfers WHERE source = 'current'")
    .get();
  return Number(row?.['n']);
}
