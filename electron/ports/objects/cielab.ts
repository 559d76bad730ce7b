/**
 * sRGB to CIE XYZ of its own white, D65 (IEC 61966-2-1). ICC's connection space has D50; highdicom, dcmqi and dcmjs write and read these
 * values by D65 all the same, and a colour is to come out there as it was seen here.
 */
const toXyz = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
] as const;
const white = [0.95047, 1, 1.08883] as const;

const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const root = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);

/**
 * A colour as RecommendedDisplayCIELabValue has it (PS3.3 C.10.7.1.1): L* 0..100 and a*, b* -128..127, each over 0..65535.
 * @param rgb sRGB, 0..255
 */
export function dicomCielab(rgb: readonly [number, number, number]): [number, number, number] {
  const [r, g, b] = rgb.map((v) => linear(v / 255)) as [number, number, number];
  const [x, y, z] = toXyz.map((row, n) => root((row[0] * r + row[1] * g + row[2] * b) / (white[n] as number))) as [number, number, number];
  const word = (part: number) => Math.max(0, Math.min(65535, Math.round(part * 65535)));
  return [word((116 * y - 16) / 100), word((500 * (x - y) + 128) / 255), word((200 * (y - z) + 128) / 255)];
}
