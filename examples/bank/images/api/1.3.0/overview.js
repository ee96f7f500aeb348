import { call } from './service.js';

const { ACCOUNT_URL, DOCUMENT_URL } = process.env;

/** New in 1.1: accounts and the latest documents in one answer. */
export async function overview() {
  const [accounts, documents] = await Promise.all([
    call(ACCOUNT_URL, '/accounts'),
    call(DOCUMENT_URL, '/documents'),
  ]);
  return { json: { accounts: accounts.json, documents: documents.json } };
}
