/**
 * One asymmetric phantom, and files of it in every format, for tests. The arithmetic of grids is written out here once more on purpose:
 * nothing of the code that reads is used.
 */
export type Point = [number, number, number];

/** A grid as any file states one: sides, the step of each index in LPS mm, the centre of the first voxel. */
export interface Stored {
  sides: Point;
  steps: [Point, Point, Point];
  origin: Point;
}

const centre: Point = [-31.5, 22.25, 140];

/** Another value at every mirror, turn and shift: no two of its slopes are alike, and none is zero. Whole numbers within -1000 to 3000. */
export const valueAt = ([x, y, z]: Point): number =>
  Math.round(700 + 11.3 * (x - centre[0]) - 17.9 * (y - centre[1]) + 29.7 * (z - centre[2]) + 0.31 * (x - centre[0]) * (z - centre[2]));

export function pointOf(grid: Stored, i: number, j: number, k: number): Point {
  const [a, b, c] = grid.steps;
  const [x, y, z] = grid.origin;
  return [x + i * a[0] + j * b[0] + k * c[0], y + i * a[1] + j * b[1] + k * c[1], z + i * a[2] + j * b[2] + k * c[2]];
}

function turned([x, y, z]: Point, a: number, b: number, c: number): Point {
  const [y1, z1] = [y * Math.cos(a) - z * Math.sin(a), y * Math.sin(a) + z * Math.cos(a)];
  const [x2, z2] = [x * Math.cos(b) + z1 * Math.sin(b), z1 * Math.cos(b) - x * Math.sin(b)];
  return [x2 * Math.cos(c) - y1 * Math.sin(c), x2 * Math.sin(c) + y1 * Math.cos(c), z2];
}

/** Odd sides, three spacings, turned about all three axes: i runs roughly to the left, j to the back, k to the head. */
export const phantom: Stored = (() => {
  const steps: [Point, Point, Point] = [
    turned([0.7, 0, 0], 0.2, -0.35, 0.5),
    turned([0, 1.1, 0], 0.2, -0.35, 0.5),
    turned([0, 0, 1.9], 0.2, -0.35, 0.5),
  ];
  return { sides: [13, 9, 7], steps, origin: [centre[0] - 4, centre[1] - 5, centre[2] - 6] };
})();

/** What `written-by-others.fixture.ts` holds: i runs roughly to the feet, j to the left, k to the back; left-handed. */
export const small: Stored = {
  sides: [5, 4, 3],
  steps: [turned([0, 0, -0.7], 0.2, -0.35, 0.5), turned([1.1, 0, 0], 0.2, -0.35, 0.5), turned([0, 1.9, 0], 0.2, -0.35, 0.5)],
  origin: phantom.origin,
};

/** The same voxels in another order: new axis n is old axis `order[n]`, run backwards where `signs[n]` is -1. */
export function reordered(grid: Stored, order: Point, signs: Point): Stored {
  const last = order.map((axis, n) => (signs[n] === -1 ? (grid.sides[axis] as number) - 1 : 0));
  const start: Point = [0, 0, 0];
  order.forEach((axis, n) => {
    start[axis] = last[n] as number;
  });
  return {
    sides: order.map((axis) => grid.sides[axis] as number) as Point,
    steps: order.map((axis, n) => (grid.steps[axis] as Point).map((mm) => mm * (signs[n] as number)) as Point) as [Point, Point, Point],
    origin: pointOf(grid, ...start),
  };
}

/** Values in the order of the file, i fastest. */
export function voxelsOf(grid: Stored, value: (p: Point) => number = valueAt): Int16Array {
  const [nx, ny, nz] = grid.sides;
  const out = new Int16Array(nx * ny * nz);
  for (let k = 0, n = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, n++) out[n] = value(pointOf(grid, i, j, k));
  return out;
}

export const lengthOf = (v: Point): number => Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** A rotation, given by its columns, as the quaternion b, c, d of NIfTI (a not negative). */
function quaternionOf(columns: [Point, Point, Point]): Point {
  const r = (row: number, column: number): number => (columns[column] as Point)[row] as number;
  const a = Math.sqrt(Math.max(0, 1 + r(0, 0) + r(1, 1) + r(2, 2))) / 2;
  if (a < 0.1) throw new RangeError('this turn is too near to a half turn for the simple formula');
  return [(r(2, 1) - r(1, 2)) / (4 * a), (r(0, 2) - r(2, 0)) / (4 * a), (r(1, 0) - r(0, 1)) / (4 * a)];
}

/** NIfTI-1 by its definition (nifti1.h); RAS, so x and y change their sign. */
export function niftiFile(grid: Stored, forms: { sform?: boolean; qform?: boolean }): Uint8Array {
  const bytes = Buffer.alloc(352);
  bytes.writeInt32LE(348, 0);
  [3, ...grid.sides, 1, 1, 1, 1].forEach((side, n) => {
    bytes.writeInt16LE(side, 40 + 2 * n);
  });
  bytes.writeInt16LE(4, 70);
  bytes.writeInt16LE(16, 72);
  bytes.writeFloatLE(352, 108);
  bytes[123] = 2;
  const ras = ([x, y, z]: Point): Point => [-x, -y, z];
  const steps = grid.steps.map(ras) as [Point, Point, Point];
  const origin = ras(grid.origin);
  const unit = steps.map((step) => step.map((mm) => mm / lengthOf(step)) as Point) as [Point, Point, Point];
  const [x, y, z] = unit;
  const handed = x[0] * (y[1] * z[2] - y[2] * z[1]) - x[1] * (y[0] * z[2] - y[2] * z[0]) + x[2] * (y[0] * z[1] - y[1] * z[0]) < 0 ? -1 : 1;
  [handed, ...steps.map(lengthOf)].forEach((mm, n) => {
    bytes.writeFloatLE(mm, 76 + 4 * n);
  });
  if (forms.qform) {
    bytes.writeInt16LE(1, 252);
    const last = z.map((value) => value * handed) as Point;
    [...quaternionOf([x, y, last]), ...origin].forEach((value, n) => {
      bytes.writeFloatLE(value, 256 + 4 * n);
    });
  }
  if (forms.sform) {
    bytes.writeInt16LE(1, 254);
    for (const row of [0, 1, 2])
      [steps[0][row], steps[1][row], steps[2][row], origin[row]].forEach((value, n) => {
        bytes.writeFloatLE(value as number, 280 + 16 * row + 4 * n);
      });
  }
  bytes.write('n+1\0', 344, 'latin1');
  return Buffer.concat([bytes, bytesOf(voxelsOf(grid))]);
}

/** Every name of a space, and the signs that take LPS to it. */
export const nrrdSpaces = {
  'left-posterior-superior': [1, 1, 1],
  LPS: [1, 1, 1],
  'right-anterior-superior': [-1, -1, 1],
  RAS: [-1, -1, 1],
  'left-anterior-superior': [1, -1, 1],
  LAS: [1, -1, 1],
} as const;
export type NrrdSpace = keyof typeof nrrdSpaces;

/** The lines of a NRRD header. `more` replaces lines by their field, or adds them; an empty value leaves the line out. */
export function nrrdHeader(grid: Stored, space: NrrdSpace = 'left-posterior-superior', more: Record<string, string> = {}): string {
  const signs = nrrdSpaces[space];
  const vector = (v: Point): string => `(${v.map((mm, n) => mm * (signs[n] as number)).join(',')})`;
  const lines: Record<string, string> = {
    type: 'short',
    dimension: '3',
    space,
    sizes: grid.sides.join(' '),
    'space directions': grid.steps.map(vector).join(' '),
    kinds: 'domain domain domain',
    endian: 'little',
    encoding: 'raw',
    'space origin': vector(grid.origin),
    ...more,
  };
  const shown = Object.entries(lines).filter(([, value]) => value !== '');
  return ['NRRD0005', '# written by a test', ...shown.map(([field, value]) => `${field}: ${value}`)].join('\n');
}

export function nrrdFile(
  grid: Stored,
  space?: NrrdSpace,
  more?: Record<string, string>,
  voxels: Uint8Array = bytesOf(voxelsOf(grid)),
): Uint8Array {
  return Buffer.concat([Buffer.from(`${nrrdHeader(grid, space, more)}\n\n`), voxels]);
}

/** The lines of a MetaImage header, ElementDataFile last. `more` as in `nrrdHeader`. */
export function metaImageHeader(grid: Stored, more: Record<string, string> = {}): string {
  const unit = grid.steps.map((step) => step.map((mm) => mm / lengthOf(step)));
  const lines: Record<string, string> = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    BinaryDataByteOrderMSB: 'False',
    CompressedData: 'False',
    TransformMatrix: unit.flat().join(' '),
    Offset: grid.origin.join(' '),
    AnatomicalOrientation: 'LPI',
    ElementSpacing: grid.steps.map(lengthOf).join(' '),
    DimSize: grid.sides.join(' '),
    ElementType: 'MET_SHORT',
    ...more,
  };
  const file = lines.ElementDataFile ?? 'LOCAL';
  const shown = Object.entries(lines).filter(([key, value]) => value !== '' && key !== 'ElementDataFile');
  return [...shown.map(([key, value]) => `${key} = ${value}`), `ElementDataFile = ${file}`, ''].join('\n');
}

export function metaImageFile(grid: Stored, more?: Record<string, string>, voxels: Uint8Array = bytesOf(voxelsOf(grid))): Uint8Array {
  return Buffer.concat([Buffer.from(metaImageHeader(grid, more)), voxels]);
}
