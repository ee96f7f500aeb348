/** Every step of the schema with its way back. The steps of this release are those after `before`. */
export const before = 0;

export const steps = [
  {
    version: 1,
    up: 'CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL)',
    down: 'DROP TABLE documents',
  },
];
