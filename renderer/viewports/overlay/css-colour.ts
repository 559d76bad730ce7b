import type { Rgb } from './compose.ts';

const known = new Map<string, Rgb>();
let reader: CanvasRenderingContext2D | null = null;

/** Red, green, blue of any CSS colour, also of a design token ('var(--seg-1)'). Throws TypeError on what CSS does not know. */
export function rgbOf(cssColour: string): Rgb {
  const held = known.get(cssColour);
  if (held) return held;
  const token = /^var\((--[\w-]+)\)$/.exec(cssColour.trim());
  const text = token ? getComputedStyle(document.documentElement).getPropertyValue(token[1]!).trim() : cssColour.trim();
  if (!CSS.supports('color', text)) throw new TypeError(`not a colour: ${cssColour}`);
  reader ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!reader) throw new TypeError('no 2D canvas');
  reader.canvas.width = 1;
  reader.canvas.height = 1;
  reader.fillStyle = text;
  reader.fillRect(0, 0, 1, 1);
  const [r, g, b] = reader.getImageData(0, 0, 1, 1).data;
  const rgb: Rgb = [r!, g!, b!];
  known.set(cssColour, rgb);
  return rgb;
}

const segmentColours = 8;

/** The first colour of the segments' order that no layer has; what is only previewed must not look like a segment. */
export function freeSegmentColour(layers: { colour: string }[]): Rgb {
  const taken = new Set(layers.map((layer) => rgbOf(layer.colour).join()));
  const order = Array.from({ length: segmentColours }, (_, n) => rgbOf(`var(--seg-${n + 1})`));
  return order.find((rgb) => !taken.has(rgb.join())) ?? order[0]!;
}
