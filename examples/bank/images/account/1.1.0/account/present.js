/** How an account looks from outside. New in 1.1: the balance as people write it. */
export function present({ id, balance }) {
  const whole = Math.floor(balance / 100).toLocaleString('en-GB');
  return { id, balance, shown: `£${whole}.${String(balance % 100).padStart(2, '0')}` };
}
