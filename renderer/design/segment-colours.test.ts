import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { segmentColours } from './segment-colours.ts';

it('gives the canvas the very colours of the tokens', () => {
  const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  for (const [n, hex] of segmentColours.entries()) expect(css).toContain(`--seg-${n + 1}: ${hex};`);
});
