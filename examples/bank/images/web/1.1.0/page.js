/** New in 1.1: the total below the accounts. */
export function page(accounts) {
  const total = accounts.reduce((sum, { balance }) => sum + balance, 0);
  const rows = accounts.map(({ id, balance }) => row(safe(id), balance));
  return `<!doctype html>
<html lang="en">
<title>The bank</title>
<h1>Your accounts</h1>
<table>
${rows.join('\n') || '<caption>We cannot show them just now. Please come back in a moment.'}
${row('<b>Total</b>', total)}
</table>
</html>
`;
}

function row(name, balance) {
  return `<tr><td>${name}<td>${(balance / 100).toFixed(2)}`;
}

function safe(text) {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
