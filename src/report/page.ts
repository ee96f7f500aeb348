import { createHash } from 'node:crypto';
import { html, type Markup, trusted } from './html.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/**
 * A document that may load nothing at all, and run only its own script: also a name that slipped through would
 * do nothing.
 */
export function page(title: string, body: Markup): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
${body}
<div id="tip" role="status" hidden></div>
<script>${trusted(script)}</script>
</body>
</html>`.text
}
`;
}
