import type { MeshCheck, RepairResult } from '../../contract/mesh.ts';
import { spreadSets } from './case-verbs.ts';
import { Usage } from './client.ts';
import { readOptions } from './options.ts';
import { assertOtherFile, assertWritablePlace } from './output-place.ts';
import { piecesOf } from './pieces-of.ts';
import { absolute, modelPath, type Verb } from './verb.ts';

/** Verbs of mesh files, without a case. */
export const meshVerbs: Record<string, Verb> = {
  'check-mesh': {
    synopsis: 'FILE [--minimum-wall MM] [--build X,Y,Z] [--json]',
    about:
      'Checks a mesh file: closed, manifold, outward; crossings, walls against what the printer can do, size against its build volume.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['minimum-wall', 'build'] });
      const wall = o.one('minimum-wall');
      const build = o.one('build');
      const json = await client.job<MeshCheck>('/api/check-mesh', {
        path: single(o.positional),
        ...(wall === null ? {} : { minimumWallMm: millimetres(wall, 'minimum-wall') }),
        ...(build === null ? {} : { buildMm: sides(build) }),
      });
      return { json, text: sentences(json), exitCode: json.outcome === 'reject' ? 3 : 0 };
    },
  },
  'repair-mesh': {
    synopsis: 'FILE --out FILE.{stl,ply,obj,3mf} [--set fillHolesUpToMm=20 dropPartsBelowMm3=0 mendSelfIntersections=true] [--json]',
    about:
      'Mends a mesh file (STL, PLY, OBJ, 3MF) into a new one and tells each change: corners, flat and repeated triangles, orientation, holes, crossings.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['out', 'set'] });
      const out = modelPath(o.need('out'));
      const path = single(o.positional);
      await assertOtherFile(out, [path]);
      await assertWritablePlace(out);
      const json = await client.job<RepairResult>('/api/repair-mesh', { path, out, settings: o.settings() });
      const told = json.repairs.map((one) => one.text);
      return { json, text: [...(told.length > 0 ? told : ['Nothing was wrong.']), sentences(json.after), json.path].join('\n') };
    },
  },
};

/** What a check comes to, in lines. */
function sentences(check: MeshCheck): string {
  const warnings = check.warnings.map((one) => `warning ${one.code}: ${one.message}`);
  if (check.outcome === 'reject') return [...check.reasons.map((one) => `${one.code}: ${one.message}`), ...warnings].join('\n');
  const walls = check.walls ? `, thinnest wall ${check.walls.minimumMm.toFixed(2)} mm (over 0.5 mm² or 0.01 % of the surface)` : '';
  const pieces = `${piecesOf(check)}, ${check.genus ?? 0} ${check.genus === 1 ? 'handle' : 'handles'}`;
  return [
    `${check.triangles} triangles, closed and manifold, ${pieces}, ${(check.volumeMm3 / 1000).toFixed(2)} ml${walls}`,
    ...warnings,
  ].join('\n');
}

function millimetres(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Usage(`--${option} takes mm, not '${text}'`);
  return value;
}

function sides(text: string): number[] {
  const all = text.split(',').map((side) => millimetres(side, 'build'));
  if (all.length !== 3 || !all.every((side) => side > 0)) throw new Usage(`--build takes three sides in mm, X,Y,Z, not '${text}'`);
  return all;
}

function single(positional: string[]): string {
  const [file] = positional;
  if (file === undefined || positional.length !== 1) throw new Usage('name one file');
  return absolute(file);
}
