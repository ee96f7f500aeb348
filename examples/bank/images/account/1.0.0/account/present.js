/** How an account looks from outside. */
export function present({ id, balance }) {
  return { id, balance };
}
