import { Draw } from './generated-draw.fixture.ts';
import { type Picture, type Point, type Scene, storedRange } from './generated-scene.fixture.ts';
import { type Element, generatedFile } from './generated-writer.fixture.ts';

/** `places`: every voxel has a value of its own. `field`: a linear field of the patient point, which interpolation keeps exactly. */
export type Content = 'places' | 'field';

/** An image with its meaning, worked out from its own header's decimals. */
export interface Truth {
  picture: Picture;
  position: Point;
  /** As the header states them, not made unit vectors. */
  row: Point;
  column: Point;
  rowSpacingMm: number;
  columnSpacingMm: number;
  /** In real units, row by row. */
  real: Float64Array;
  /** Padding stands in the first pixel. */
  padded: boolean;
}
export interface Field {
  gradient: Point;
  at: Point;
  /** By phase. */
  base: Map<number, number>;
}
export interface Rendered {
  scene: Scene;
  truths: Truth[];
  field: Field;
  files: { name: string; bytes: Uint8Array }[];
}

/** The patient point of a pixel by PS3.3 C.7.6.2.1.1. */
export function pixelPoint(t: Truth, i: number, j: number): Point {
  return [0, 1, 2].map(
    (n) => (t.position[n] as number) + i * t.columnSpacingMm * (t.row[n] as number) + j * t.rowSpacingMm * (t.column[n] as number),
  ) as Point;
}
export function fieldValue({ gradient, at, base }: Field, phase: number, [x, y, z]: Point): number {
  return (base.get(phase) ?? 0) + gradient[0] * (x - at[0]) + gradient[1] * (y - at[1]) + gradient[2] * (z - at[2]);
}

function truthOf(picture: Picture): Truth {
  const numbers = picture.cosines.map(Number);
  return {
    picture,
    position: picture.position.map(Number) as Point,
    row: numbers.slice(0, 3) as Point,
    column: numbers.slice(3, 6) as Point,
    rowSpacingMm: Number(picture.pixelSpacing[0]),
    columnSpacingMm: Number(picture.pixelSpacing[1]),
    real: new Float64Array(picture.rows * picture.columns),
    padded: false,
  };
}

/** Another whole number for every voxel of every image, evenly over the range. */
function scattered(seed: number, content: number, pixel: number): number {
  let h = Math.imul(seed ^ Math.imul(content + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(pixel + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

function fieldOf(scene: Scene, truths: Truth[]): Field {
  const corners = truths.flatMap((t) => {
    const { rows, columns } = t.picture;
    return [pixelPoint(t, 0, 0), pixelPoint(t, columns - 1, 0), pixelPoint(t, 0, rows - 1), pixelPoint(t, columns - 1, rows - 1)];
  });
  const at = [0, 1, 2].map((n) => corners.reduce((sum, c) => sum + (c[n] as number), 0) / corners.length) as Point;
  const radius = Math.max(...corners.map((c) => Math.hypot(c[0] - at[0], c[1] - at[1], c[2] - at[2])));
  const [low, high] = storedRange((truths[0] as Truth).picture.format);
  const middle = Math.round((low + high) / 2);
  const slopes = truths.map(({ picture }) => picture.slope ?? 1);
  const strength = Math.min(30_000, 0.4 * (high - low) * Math.min(...slopes) - 60) / radius;
  const draw = new Draw(scene.seed ^ 0x5bd1e995);
  const direction = [draw.sign() * 3, draw.sign() * 5, draw.sign() * 7] as const;
  const base = new Map<number, number>();
  for (const phase of new Set(truths.map(({ picture }) => picture.phase))) {
    const own = truths.filter(({ picture }) => picture.phase === phase);
    base.set(phase, own.reduce((sum, { picture }) => sum + middle * (picture.slope ?? 1) + (picture.intercept ?? 0), 0) / own.length);
  }
  return { gradient: direction.map((part) => (part * strength) / Math.sqrt(83)) as Point, at, base };
}

/** Stored values as the words of the file, little endian, with what stands beside the stored bits. */
function words(stored: Float64Array, picture: Picture, draw: Draw): Uint8Array {
  const { allocated, stored: bits, high, spare, signed } = picture.format;
  const bytes = Buffer.alloc((stored.length * allocated) / 8);
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1;
  const shift = high + 1 - bits;
  const own = bits === 32 ? mask : (mask << shift) >>> 0;
  for (let n = 0; n < stored.length; n++) {
    const value = stored[n] as number;
    let word = bits === 32 ? value >>> 0 : ((value & mask) << shift) >>> 0;
    if (bits < allocated) {
      const around =
        spare === 'noise' ? draw.whole(0, 2 ** allocated - 1) : spare === 'sign' && signed && value < 0 ? 2 ** allocated - 1 : 0;
      word = (word | (around & ~own)) >>> 0;
    }
    if (allocated === 8) bytes.writeUInt8(word, n);
    else if (allocated === 16) bytes.writeUInt16LE(word, n * 2);
    else bytes.writeUInt32LE(word, n * 4);
  }
  return bytes;
}

function rendered(scene: Scene, t: Truth, field: Field, content: Content, draw: Draw): Uint8Array {
  const { picture } = t;
  const [low, high] = storedRange(picture.format);
  const slope = picture.slope ?? 1;
  const intercept = picture.intercept ?? 0;
  const stored = new Float64Array(t.real.length);
  for (let j = 0; j < picture.rows; j++)
    for (let i = 0; i < picture.columns; i++) {
      const n = j * picture.columns + i;
      const value =
        content === 'places'
          ? low + 1 + Math.floor(scattered(scene.seed, picture.content, n) * (high - low - 1))
          : Math.round(
              (fieldValue(field, picture.phase, pixelPoint(t, i, j)) + (picture.content % 1000 >= 500 ? 37 : 0) - intercept) / slope,
            );
      stored[n] = value;
      t.real[n] = value * slope + intercept;
    }
  if (scene.padded && content === 'places') {
    t.padded = true;
    stored[0] = low;
    t.real[0] = low * slope + intercept;
  }
  return words(stored, picture, draw);
}

const text = (tag: number, vr: string, value: string | number): Element => ({ tag, vr, value: String(value) });
const us = (tag: number, value: number): Element => ({ tag, vr: 'US', value });

function place(picture: Picture): Element {
  return text(0x00200032, 'DS', picture.position.join('\\'));
}
function orientation(picture: Picture): Element {
  return text(0x00200037, 'DS', picture.cosines.join('\\'));
}
function measure(picture: Picture): Element {
  return text(0x00280030, 'DS', picture.pixelSpacing.join('\\'));
}
function rescale({ slope, intercept }: Picture): Element[] {
  return slope === null || intercept === null ? [] : [text(0x00281052, 'DS', intercept), text(0x00281053, 'DS', slope)];
}

function basics(scene: Scene, picture: Picture, sopClass: string): Element[] {
  const { format, rows, columns, sopInstance } = picture;
  const { thickness, between, tilt } = scene.tags;
  const out = [
    text(0x00080016, 'UI', sopClass),
    text(0x00080018, 'UI', `${scene.uid}.${sopInstance}`),
    text(0x00080060, 'CS', scene.modality),
    text(0x0008103e, 'LO', 'Generated'),
    text(0x00100010, 'PN', 'Generated^Phantom'),
    text(0x00100020, 'LO', 'G1'),
    text(0x0020000d, 'UI', '2.25.2'),
    text(0x0020000e, 'UI', scene.uid),
    text(0x00200052, 'UI', '2.25.4'),
    us(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    us(0x00280010, rows),
    us(0x00280011, columns),
    us(0x00280100, format.allocated),
    us(0x00280101, format.stored),
    us(0x00280102, format.high),
    us(0x00280103, format.signed ? 1 : 0),
  ];
  if (thickness !== null) out.push(text(0x00180050, 'DS', thickness));
  if (between !== null) out.push(text(0x00180088, 'DS', between));
  if (tilt !== null) out.push(text(0x00181120, 'DS', tilt));
  if (scene.padded && format.allocated === 16) {
    const low = storedRange(format)[0];
    out.push({ tag: 0x00280120, vr: format.signed ? 'SS' : 'US', value: low & 0xffff });
  }
  return out;
}

const phaseTags = { acquisition: 0x00200012, temporal: 0x00200100, echo: 0x00180086 };

function singleFrame(scene: Scene, picture: Picture): Element[] {
  const sopClass = scene.modality === 'CT' ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.4';
  const out = [...basics(scene, picture, sopClass), place(picture), orientation(picture), measure(picture), ...rescale(picture)];
  out.push(text(0x00080008, 'CS', picture.localizer ? 'ORIGINAL\\PRIMARY\\LOCALIZER' : 'ORIGINAL\\PRIMARY\\AXIAL'));
  if (picture.instance !== null) out.push(text(0x00200013, 'IS', picture.instance));
  if (scene.phaseTag !== null) out.push(text(phaseTags[scene.phaseTag], 'IS', picture.phase + 1));
  return out;
}

/** Functional groups: what all frames agree on stands in the shared one, now and then all of it in each frame's own. */
function multiFrame(scene: Scene, pictures: Picture[], draw: Draw): Element[] {
  const first = pictures[0] as Picture;
  const macros: [tag: number, of: (p: Picture) => Element[]][] = [
    [0x00209113, (p) => [place(p)]],
    [0x00209116, (p) => [orientation(p)]],
    [0x00289110, (p) => [measure(p)]],
    [0x00289145, rescale],
  ];
  const forAll: Element[] = [];
  const own: Element[][] = pictures.map((p) => {
    const index: Element[] = [{ tag: 0x00209057, vr: 'UL', value: draw.whole(1, pictures.length) }];
    if (scene.phaseTag !== null) index.push({ tag: 0x00209128, vr: 'UL', value: p.phase + 1 });
    return [{ tag: 0x00209111, vr: 'SQ', items: [index] }];
  });
  for (const [tag, of] of macros) {
    const same = pictures.every((p) => JSON.stringify(of(p)) === JSON.stringify(of(first)));
    if (same && of(first).length === 0) continue;
    if (same && draw.chance(0.8)) forAll.push({ tag, vr: 'SQ', items: [of(first)] });
    else for (const [n, p] of pictures.entries()) if (of(p).length > 0) own[n]?.push({ tag, vr: 'SQ', items: [of(p)] });
  }
  const sopClass = scene.modality === 'CT' ? '1.2.840.10008.5.1.4.1.1.2.1' : '1.2.840.10008.5.1.4.1.1.4.1';
  return [
    ...basics(scene, first, sopClass),
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\VOLUME\\NONE'),
    text(0x00280008, 'IS', pictures.length),
    { tag: 0x52009229, vr: 'SQ', items: [forAll] },
    { tag: 0x52009230, vr: 'SQ', items: own },
  ];
}

/** The files of a series; their names say nothing of their order. */
export function renderScene(scene: Scene, content: Content): Rendered {
  const draw = new Draw(scene.seed ^ 0x2545f491);
  const truths = scene.pictures.map(truthOf);
  const field = fieldOf(scene, truths);
  // Copies of an image are the same to the last bit, the bits beside the stored ones too.
  const frames = truths.map((t) => rendered(scene, t, field, content, new Draw(scene.seed ^ Math.imul(t.picture.content + 7, 0x9e3779b1))));
  const size = ((truths[0] as Truth).picture.format.allocated / 8) as 1 | 2 | 4;
  const names = draw.shuffled(scene.pictures.map((_, n) => n));
  const name = (n: number) => `${(scene.seed >>> 0).toString(36)}-${String(names[n]).padStart(3, '0')}`;
  const files = scene.enhanced
    ? [{ name: name(0), bytes: generatedFile(multiFrame(scene, scene.pictures, draw), frames, size, scene.syntax, scene.openSequences) }]
    : scene.pictures.map((picture, n) => ({
        name: name(n),
        bytes: generatedFile(singleFrame(scene, picture), [frames[n] as Uint8Array], size, scene.syntax, scene.openSequences),
      }));
  return { scene, truths, field, files };
}
