export type Rgb = [number, number, number];

/** Colours of a CSS gradient of hex stops, in order. Throws TypeError where there are fewer than two. */
export function hexStops(gradient: string): Rgb[] {
  const stops = [...gradient.matchAll(/#([0-9a-f]{6})\b/gi)].map(([, hex]): Rgb => {
    const n = Number.parseInt(hex as string, 16);
    return [n >> 16, (n >> 8) & 255, n & 255];
  });
  if (stops.length < 2) throw new TypeError(`not a gradient of hex colours: ${gradient}`);
  return stops;
}

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toSrgb = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** OKLab of an sRGB colour (0..255). Matrices: B. Ottosson, A perceptual color space for image processing, 2020. */
export function oklabOf([r8, g8, b8]: Rgb): [number, number, number] {
  const [r, g, b] = [toLinear(r8 / 255), toLinear(g8 / 255), toLinear(b8 / 255)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function rgbOfOklab([lightness, a, b]: [number, number, number]): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const out = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return out.map((c) => Math.round(255 * Math.max(0, Math.min(1, toSrgb(Math.max(0, c)))))) as Rgb;
}

/** `steps` colours from the first stop to the last, evenly spaced stops, mixed in OKLab: model and legend are drawn from the same ones. */
export function ramp(stops: Rgb[], steps: number): Rgb[] {
  const labs = stops.map(oklabOf);
  return Array.from({ length: steps }, (_, n) => {
    const at = (n / Math.max(1, steps - 1)) * (labs.length - 1);
    const low = Math.min(labs.length - 2, Math.floor(at));
    const share = at - low;
    const [from, to] = [labs[low] as [number, number, number], labs[low + 1] as [number, number, number]];
    return rgbOfOklab([0, 1, 2].map((c) => (from[c] as number) * (1 - share) + (to[c] as number) * share) as [number, number, number]);
  });
}
