import { SaxesParser } from 'saxes';
import { numberOf } from '../../kernels/mesh/ascii-words.ts';
import { type Growing, growing } from '../../kernels/mesh/growing.ts';
import { coreNamespace } from '../../kernels/mesh/threemf-model.ts';

/** Row vectors: x' = x m[0] + y m[3] + z m[6] + m[9]. */
export type Transform = number[];
export interface Placed {
  object: string;
  transform: Transform | null;
}
export interface ThreeMfObject {
  positions: Growing<Float32Array>;
  triangles: Growing<Uint32Array>;
  components: Placed[];
}
/** What a model part of a 3MF says, in its own unit. */
export interface ThreeMfModel {
  unitMm: number;
  objects: Map<string, ThreeMfObject>;
  items: Placed[];
}
/** Thrown while reading: `unsupported` needs an extension, `damaged` is no 3MF model. */
export class ThreeMfFault extends Error {
  readonly kind: 'damaged' | 'unsupported';
  constructor(kind: 'damaged' | 'unsupported', what: string) {
    super(what);
    this.kind = kind;
  }
}

const namespaces = [coreNamespace, 'http://schemas.microsoft.com/3dmanufacturing/2013/01'];
const units: Record<string, number> = { micron: 0.001, millimeter: 1, centimeter: 10, inch: 25.4, foot: 304.8, meter: 1000 };
type Attributes = Record<string, string>;

function transformOf(text: string | undefined): Transform | null {
  if (text === undefined) return null;
  const numbers = text.trim().split(/\s+/).map(numberOf);
  if (numbers.length !== 12 || !numbers.every((n): n is number => n !== null && Number.isFinite(n)))
    throw new ThreeMfFault('damaged', 'a transform is not twelve numbers');
  return numbers;
}

function indexOf(text: string | undefined): number {
  if (text === undefined || !/^\d{1,10}$/.test(text)) throw new ThreeMfFault('damaged', 'a triangle without three vertex numbers');
  return Number(text);
}

function coordinateOf(text: string | undefined): number {
  const value = text === undefined ? null : numberOf(text.trim());
  if (value === null) throw new ThreeMfFault('damaged', 'a coordinate that is no number');
  return value;
}

const placedOf = (a: Attributes): Placed => {
  if (a.objectid === undefined) throw new ThreeMfFault('damaged', 'an item without an object');
  return { object: a.objectid, transform: transformOf(a.transform) };
};

/** Takes the elements of a model one after the other. */
function modelTaker(model: ThreeMfModel) {
  let prefix: string | null = null;
  let current: ThreeMfObject | null = null;
  const object = (): ThreeMfObject => {
    if (!current) throw new ThreeMfFault('damaged', 'vertices outside of an object');
    return current;
  };
  const begin = (name: string, a: Attributes) => {
    const [first, second] = name.split(':') as [string, string | undefined];
    if ((second ?? first) !== 'model') throw new ThreeMfFault('damaged', 'its model part is none');
    prefix = second === undefined ? '' : `${first}:`;
    if (!namespaces.includes(a[second === undefined ? 'xmlns' : `xmlns:${first}`] ?? ''))
      throw new ThreeMfFault('damaged', 'its model part is of another name space');
    const needed = (a.requiredextensions ?? '').trim();
    if (needed !== '') throw new ThreeMfFault('unsupported', `it needs extensions (${needed.slice(0, 80)})`);
    const unit = a.unit ?? 'millimeter';
    if (!Object.hasOwn(units, unit)) throw new ThreeMfFault('damaged', 'its unit is none of the known ones');
    model.unitMm = units[unit] as number;
  };
  const kinds: Record<string, (a: Attributes) => void> = {
    object(a) {
      if (a.id === undefined || model.objects.has(a.id)) throw new ThreeMfFault('damaged', 'an object without an id of its own');
      current = { positions: growing(Float32Array), triangles: growing(Uint32Array), components: [] };
      model.objects.set(a.id, current);
    },
    vertex(a) {
      const { positions } = object();
      for (const text of [a.x, a.y, a.z]) positions.push(coordinateOf(text));
    },
    triangle(a) {
      const { triangles } = object();
      for (const text of [a.v1, a.v2, a.v3]) triangles.push(indexOf(text));
    },
    component: (a) => object().components.push(placedOf(a)),
    item: (a) => model.items.push(placedOf(a)),
  };
  return (name: string, attributes: Attributes) => {
    if (prefix === null) return begin(name, attributes);
    if (!name.startsWith(prefix)) return;
    const local = name.slice(prefix.length);
    if (Object.hasOwn(kinds, local)) kinds[local]?.(attributes);
  };
}

/** Between two tags no more than this is held: hostile text must not become one huge string. */
const longestSilence = 2 ** 22;

/** Feeds XML to `take`, tag by tag; refuses document types (so no entity is ever declared) and text without end. Throws ThreeMfFault. */
function xmlFeed(take: (name: string, attributes: Attributes) => void) {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let silent = 0;
  parser.on('doctype', () => {
    throw new ThreeMfFault('damaged', 'it declares a document type');
  });
  parser.on('error', () => {
    throw new ThreeMfFault('damaged', 'its XML is not well-formed');
  });
  parser.on('opentag', (tag) => {
    silent = 0;
    take(tag.name, tag.attributes as Attributes);
  });
  const letters = new TextDecoder('utf-8', { fatal: true });
  const decoded = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes ? letters.decode(bytes, { stream: true }) : letters.decode();
    } catch {
      throw new ThreeMfFault('damaged', 'its text is not UTF-8');
    }
  };
  return {
    piece(bytes: Uint8Array) {
      silent += bytes.length;
      if (silent > longestSilence) throw new ThreeMfFault('damaged', 'it holds text without end');
      parser.write(decoded(bytes));
    },
    end() {
      parser.write(decoded(undefined));
      parser.close();
    },
  };
}

/** Reads a model part (3MF core 1.3) in pieces of its XML: call `piece` for each, then `end`. Throws ThreeMfFault. */
export function threeMfModel() {
  const model: ThreeMfModel = { unitMm: 1, objects: new Map(), items: [] };
  const feed = xmlFeed(modelTaker(model));
  return {
    piece: feed.piece,
    end(): ThreeMfModel {
      feed.end();
      return model;
    },
  };
}

/** The part that a package's relationships name as its model, without its leading slash, in lower case. Throws ThreeMfFault. */
export function modelPartOf(relationships: Uint8Array): string {
  let target: string | null = null;
  const feed = xmlFeed((name, a) => {
    if (/(^|:)Relationship$/.test(name) && /\/3dmodel$/.test(a.Type ?? '') && a.Target !== undefined) target ??= a.Target;
  });
  feed.piece(relationships);
  feed.end();
  if (target === null) throw new ThreeMfFault('damaged', 'it names no model part');
  return (target as string).replace(/^\/+/, '').toLowerCase();
}
