import type { MeshComparison } from '../../contract/mesh.ts';
import { Usage } from './client.ts';
import { readOptions } from './options.ts';
import { assertOtherFile, assertWritablePlace } from './output-place.ts';
import { absolute, type Verb } from './verb.ts';

const mm = (value: number) => `${value.toFixed(3)} mm`;

export const compareMeshVerbs: Record<string, Verb> = {
  'compare-mesh': {
    synopsis: 'A B [--out FILE.ply] [--json]',
    about: 'Distance between two mesh files, or a mesh file and the surface of a labelmap (NIfTI); --out writes A with it as colours.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['out'] });
      const [a, b] = o.positional;
      if (a === undefined || b === undefined || o.positional.length !== 2) throw new Usage('name two files');
      const out = o.one('out');
      if (out !== null && !/\.ply$/i.test(out)) throw new Usage('--out names a .ply file');
      if (out !== null) {
        await assertOtherFile(absolute(out), [absolute(a), absolute(b)]);
        await assertWritablePlace(absolute(out));
      }
      const json = await client.job<MeshComparison>('/api/compare-meshes', {
        a: absolute(a),
        b: absolute(b),
        out: out === null ? null : absolute(out),
      });
      const { twoSidedMm: two, signedMm: signed } = json;
      return {
        json,
        text: [
          `both ways    mean ${mm(two.mean)}, 95 % within ${mm(two.p95)}, largest ${mm(two.max)}`,
          `A outside B  mean ${mm(signed.mean)}, SD ${mm(signed.sd)}, from ${mm(signed.p05)} (5 %) to ${mm(signed.p95)} (95 %)`,
          ...(json.path === null ? [] : [json.path]),
        ].join('\n'),
      };
    },
  },
};
