import { randomUUID } from 'node:crypto';
import { db } from './database.js';

const insert = db.prepare('INSERT INTO documents (id, title, text, at) VALUES (?, ?, ?, ?)');
const selectOne = db.prepare('SELECT id, title, text, at FROM documents WHERE id = ?');
const selectLatest = db.prepare('SELECT id, title, at FROM documents ORDER BY at DESC LIMIT 20');

export const documents = () => selectLatest.all();
export const find = (id) => selectOne.get(id);

export function store({ title, text }) {
  const document = { id: randomUUID(), title, at: new Date().toISOString() };
  insert.run(document.id, title, text, document.at);
  return document;
}
