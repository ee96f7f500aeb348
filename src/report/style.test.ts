import assert from 'node:assert/strict';
import { test } from 'node:test';
import { style } from './style.ts';

const [light = '', dark = ''] = [...style.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1]);

for (const [name, rules] of [
  ['light', light],
  ['dark', dark],
] as const) {
  test(`every text stands out from its ground, ${name}`, () => {
    const colors = new Map(
      [...rules.matchAll(/--([a-z0-9-]+): (#[0-9a-f]+)/g)].map(([, key, value]) => [key, value]),
    );
    const contrast = (text: string, ground: string) => {
      const [a = 0, b = 0] = [text, ground]
        .map((key) => luminance(colors.get(key) ?? ''))
        .sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    };
    const pairs = ['ground', 'card', 'faint'].flatMap((ground) => [
      ...['ink', 'soft', 'c0', 'c1', 'good', 'bad', 'wait'].map((text) => [text, ground] as const),
    ]);
    const marked = ['good', 'bad', 'wait'].flatMap((text) => [
      [text, `${text}-ground`] as const,
      ['ink', `${text}-ground`] as const,
    ]);
    for (const [text, ground] of [...pairs, ...marked]) {
      // https://www.w3.org/TR/WCAG22/#contrast-minimum
      assert.ok(contrast(text, ground) >= 4.5, `${text} on ${ground}: ${contrast(text, ground).toFixed(2)}`);
    }
    // What is drawn must be told apart from its ground and from its neighbour.
    for (const fill of ['c0-fill', 'c1-fill']) {
      assert.ok(contrast(fill, 'card') >= 1.8, `${fill}: ${contrast(fill, 'card').toFixed(2)}`);
    }
  });
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const digits =
    color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.match(/[0-9a-f]{2}/g);
  const [red = 0, green = 0, blue = 0] = (digits ?? []).map((pair) => {
    const part = Number.parseInt(pair, 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
