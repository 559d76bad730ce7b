import { authors } from '../../../contract/review.ts';
import { authorLooks } from '../../design/author-colours.ts';
import { over, type Rgb } from './compose.ts';
import type { PlaneGrid } from './plane-grid.ts';

/** Opacity of a pixel of a pattern, 0..255; `r` and `c` in stripes of the screen. */
const strength: Record<(typeof authorLooks)['hand']['pattern'], (r: number, c: number) => number> = {
  plain: () => 0x60,
  solid: () => 0xd8,
  rising: (r, c) => ((r + c) % 2 === 0 ? 0xe0 : 0x50),
  dots: (r, c) => (r % 2 === 0 && c % 2 === 0 ? 0xf0 : 0x60),
  level: (r) => (r % 2 === 0 ? 0xe0 : 0x50),
  upright: (_, c) => (c % 2 === 0 ? 0xe0 : 0x50),
};

/** Bone that was set since the map was read: sparse white, nobody's colour. */
const unknown = (r: number, c: number): number => ((r + c) % 3 === 0 ? 0xd0 : 0x18);

/**
 * Draws who set each pixel of a mask last over what is in the picture.
 * @param map 0, or 1 + place in `authors`, of the mask as it was when it was read
 * @param mask as it is now: bone that the map does not know is drawn as such, what is gone is not drawn
 * @param stripePx width of one stripe in device pixels
 */
export function layAuthors(
  grid: PlaneGrid,
  mask: Uint8Array,
  map: Uint8Array,
  stripePx: number,
  rgbOf: (cssColour: string) => Rgb,
  picture: Uint32Array,
): void {
  const looks = authors.map((author) => ({ rgb: rgbOf(authorLooks[author].colour), strength: strength[authorLooks[author].pattern] }));
  const other = { rgb: [255, 255, 255] as Rgb, strength: unknown };
  const stripe = Math.max(2, Math.round(stripePx));
  for (let r = grid.top; r < grid.bottom; r++)
    for (let c = grid.left, p = r * grid.width + grid.left; c < grid.right; c++, p++) {
      const at = grid.offsets[p]!;
      if (at < 0 || mask[at] === 0) continue;
      const look = looks[map[at]! - 1] ?? other;
      const [red, green, blue] = look.rgb;
      picture[p] = over(picture[p]!, red, green, blue, look.strength(Math.floor(r / stripe), Math.floor(c / stripe)));
    }
}
