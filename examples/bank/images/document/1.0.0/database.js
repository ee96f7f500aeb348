/**
 * The documents' database. A bank would take the PostgreSQL that `postgres: True` binds (POSTGRES_URL in the
 * environment); for an example that needs nothing but Node, it is one SQLite file.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataFolder } from './service.js';

export const db = new DatabaseSync(join(dataFolder(), 'documents.db'), { timeout: 5_000 });
