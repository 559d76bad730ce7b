import { float32Text } from './float32-text.ts';
import type { Mesh, Tick } from './mesh.ts';
import { textPieces } from './text-pieces.ts';

/** A fact of the file: `name` of the 3MF core's own (Title, Application, Description) or of this program's name space. */
export interface ModelFact {
  name: string;
  text: string;
}

const coreNames = new Set(['Title', 'Designer', 'Description', 'Copyright', 'LicenseTerms', 'Rating', 'CreationDate', 'Application']);
export const coreNamespace = 'http://schemas.microsoft.com/3dmanufacturing/core/2015/02';
/** A name, not an address: nothing lies there. */
export const ownNamespace = 'urn:lamina:model:1';

const marks: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' };

/** XML 1.0 text: marks by their names (some readers know no numbers), letters that XML cannot hold as `?`. */
export function xmlText(text: string): string {
  return Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0x3f;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000) || (code & 0xfffe) === 0xfffe) return '?';
    return marks[letter] ?? letter;
  }).join('');
}

function metadata({ name, text }: ModelFact): string {
  if (!/^[A-Za-z]+$/.test(name)) throw new RangeError(`${name} cannot be the name of a fact`);
  const own = !coreNames.has(name);
  return `  <metadata name="${own ? 'lamina:' : ''}${name}"${own ? ' preserve="1"' : ''}>${xmlText(text)}</metadata>\n`;
}

/**
 * The model part of a 3MF (core 1.3): one object, one item, coordinates in LPS mm as they are. The item has no transform: slicers place a
 * model anew, and a shifted one would no longer lie on its patient; that its coordinates are the patient's own stands in the facts.
 * `solid` false (its check failed) makes it a surface, which readers must not take for manifold. Throws RangeError on a triangle that
 * names a vertex twice (3.4.1 of the core) and on a coordinate that is not finite. Cost: some 50 bytes a vertex, 42 a triangle.
 */
export function* modelPieces(mesh: Mesh, facts: ModelFact[], name: string, solid: boolean, tick?: Tick): Generator<Uint8Array> {
  const { positions: p, triangles } = mesh;
  const out = textPieces();
  out.put(`<?xml version="1.0" encoding="UTF-8"?>\n<model unit="millimeter" xml:lang="en" xmlns="${coreNamespace}"`);
  out.put(` xmlns:lamina="${ownNamespace}">\n`);
  for (const fact of facts) out.put(metadata(fact));
  out.put(`  <resources>\n    <object id="1" type="${solid ? 'model' : 'surface'}" name="${xmlText(name)}">\n      <mesh>\n<vertices>\n`);
  for (let n = 0; n < p.length; n += 3) {
    out.put(`<vertex x="${float32Text(p[n])}" y="${float32Text(p[n + 1])}" z="${float32Text(p[n + 2])}"/>\n`);
    if (out.full()) {
      tick?.((0.6 * n) / p.length);
      yield out.take();
    }
  }
  out.put('</vertices>\n<triangles>\n');
  for (let n = 0; n < triangles.length; n += 3) {
    const [a, b, c] = [triangles[n], triangles[n + 1], triangles[n + 2]];
    if (a === b || b === c || c === a) throw new RangeError(`triangle ${n / 3} names a vertex twice`);
    out.put(`<triangle v1="${a}" v2="${b}" v3="${c}"/>\n`);
    if (out.full()) {
      tick?.(0.6 + (0.4 * n) / triangles.length);
      yield out.take();
    }
  }
  out.put('</triangles>\n      </mesh>\n    </object>\n  </resources>\n  <build>\n    <item objectid="1"/>\n  </build>\n</model>\n');
  yield out.take();
}
