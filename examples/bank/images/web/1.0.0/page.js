export function page(accounts) {
  const rows = accounts.map(({ id, balance }) => `<tr><td>${safe(id)}<td>${(balance / 100).toFixed(2)}`);
  return `<!doctype html>
<html lang="en">
<title>The bank</title>
<h1>Your accounts</h1>
<table>
${rows.join('\n') || '<caption>We cannot show them just now. Please come back in a moment.'}
</table>
</html>
`;
}

function safe(text) {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
