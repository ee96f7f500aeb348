/** Every step of the schema with its way back. The steps of this release are those after `before`. */
export const before = 1;

export const steps = [
  {
    version: 1,
    up: 'CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL)',
    down: 'DROP TABLE documents',
  },
  {
    version: 2,
    up: `ALTER TABLE documents ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
         UPDATE documents SET words = length(trim(text)) - length(replace(trim(text), ' ', '')) + 1`,
    down: 'ALTER TABLE documents DROP COLUMN words',
  },
];
