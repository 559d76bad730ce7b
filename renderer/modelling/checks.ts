import type { MeshReport, MeshSettings } from '../../contract/mesh.ts';
import { count, fixed, significant } from '../design/numbers.ts';
import type { Judgement } from '../design/Status.tsx';
import { defaults } from './draft.ts';

export interface MeshCheckRow {
  id: string;
  name: string;
  of: Judgement;
  found: string;
  /** What it means when it is not plainly good. */
  why: string | null;
  /** Settings that mend it, in the words of a button; null: no setting does. */
  repair: { words: string; change: Partial<MeshSettings> } | null;
}

const edges = (n: number) => `${count(n)} ${n === 1 ? 'edge' : 'edges'}`;
const pairs = (n: number) => `${count(n)} ${n === 1 ? 'pair' : 'pairs'}`;

function surfaceChecks(r: MeshReport): MeshCheckRow[] {
  const rows: Omit<MeshCheckRow, 'repair'>[] = [
    {
      id: 'closed',
      name: 'Closed',
      of: r.openEdges === 0 ? 'ok' : 'bad',
      found: `${count(r.openEdges)} open`,
      why: r.openEdges === 0 ? null : 'A printer cannot tell inside from outside.',
    },
    {
      id: 'manifold',
      name: 'Manifold',
      of: r.nonManifoldEdges === 0 ? 'ok' : 'bad',
      found: edges(r.nonManifoldEdges),
      why: r.nonManifoldEdges === 0 ? null : 'More than two triangles meet at an edge.',
    },
    {
      id: 'outward',
      name: 'Facing outward',
      of: r.misorientedEdges > 0 || r.volumeMm3 <= 0 ? 'bad' : 'ok',
      found: `${count(r.misorientedEdges)} flipped`,
      why:
        r.misorientedEdges > 0 ? 'Neighbouring triangles disagree on the outside.' : r.volumeMm3 <= 0 ? 'The surface is inside out.' : null,
    },
    {
      id: 'degenerate',
      name: 'No empty triangles',
      of: r.degenerateTriangles === 0 ? 'ok' : 'warn',
      found: count(r.degenerateTriangles),
      why: r.degenerateTriangles === 0 ? null : 'Triangles without area; printers skip them.',
    },
  ];
  return rows.map((row) => ({ ...row, repair: null }));
}

function crossings(r: MeshReport, settings: MeshSettings): MeshCheckRow {
  const row = { id: 'self-intersections', name: 'No self-intersection' };
  const n = r.selfIntersections;
  if (n === null)
    return { ...row, of: 'unknown', found: 'not checked', why: 'An earlier version made this model. Make it again.', repair: null };
  if (n === 0) return { ...row, of: 'ok', found: pairs(0), why: null, repair: null };
  return settings.mendSelfIntersections
    ? { ...row, of: 'warn', found: pairs(n), why: 'Mending was on and left these. Smooth or reduce less.', repair: null }
    : {
        ...row,
        of: 'warn',
        found: pairs(n),
        why: 'Triangles pass through each other.',
        repair: { words: 'Mend crossings', change: { mendSelfIntersections: true } },
      };
}

/** Offered one after the other; what is larger is anatomy, and goes in Clean, where it is seen. mm³ */
const dropSteps = [50, 1000];

const counted = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;

/** Bodies and the hollows in them, where they were told apart. */
function pieces({ parts, cavities }: MeshReport): string {
  if (cavities === null) return count(parts);
  const bodies = counted(parts - cavities, 'body', 'bodies');
  return cavities === 0 ? bodies : `${bodies}, ${counted(cavities, 'cavity', 'cavities')}`;
}

/** Several parts are a plain fact of a sound model (a closed cavity is one), and a thing to look at where something else is wrong. */
function parts(r: MeshReport, settings: MeshSettings, sound: boolean): MeshCheckRow {
  const row = { id: 'parts', name: 'Parts', found: pieces(r) };
  if (r.parts === 1) return { ...row, of: 'ok', why: null, repair: null };
  const of = sound ? 'info' : 'warn';
  const bodies = r.parts - (r.cavities ?? 0);
  const hollow = 'Fill holes in Clean closes cavities.';
  if (bodies <= 1) return { ...row, of, why: hollow, repair: null };
  const next = dropSteps.find((mm3) => mm3 > settings.dropPartsBelowMm3);
  const islands = 'Islands, or bits that touch at a corner only: Clean keeps the largest.';
  return {
    ...row,
    of,
    why: r.cavities === 0 ? islands : `${islands} ${hollow}`,
    repair: next === undefined ? null : { words: `Drop bodies below ${count(next)} mm³`, change: { dropPartsBelowMm3: next } },
  };
}

function walls({ walls: w }: MeshReport, settings: MeshSettings): MeshCheckRow {
  const row = { id: 'walls', name: 'Thinnest wall' };
  if (!w) return { ...row, of: 'unknown', found: 'not measured', why: 'Walls are measured on closed, manifold models.', repair: null };
  const found = `${fixed(w.minimumMm, 2)} mm`;
  if (w.belowMm2 <= 0) return { ...row, of: 'ok', found, why: null, repair: null };
  const share = `${significant(w.belowMm2 / 100, 2)} cm² (${significant(w.belowPart * 100, 1)} %) under the printer's ${w.limitMm} mm.${
    w.minimumMm >= w.limitMm ? ' Only in folds and places too small to count as a wall.' : ''
  }`;
  return settings.thickenToMm >= w.limitMm
    ? { ...row, of: 'warn', found, why: `${share} Thickening was on and left these.`, repair: null }
    : {
        ...row,
        of: 'warn',
        found,
        why: share,
        repair: { words: `Thicken to ${w.limitMm} mm`, change: { thickenToMm: w.limitMm } },
      };
}

/** Any turn of the model by right angles is allowed, no other is tried. */
function build({ boundsLps: { min, max } }: MeshReport, { buildMm }: MeshSettings): MeshCheckRow {
  const size = max.map((high, axis) => high - (min[axis] ?? 0));
  const room = buildMm.toSorted((a, b) => b - a);
  const over = Math.max(...size.toSorted((a, b) => b - a).map((mm, n) => mm - (room[n] ?? 0)));
  return {
    id: 'build',
    name: 'Fits the printer',
    of: over > 0 ? 'warn' : 'ok',
    found: `${size.map((mm) => fixed(mm, 0)).join(' × ')} mm`,
    why: over > 0 ? `${fixed(over, 1)} mm too long for ${buildMm.join(' × ')} mm. Cut it, or choose a larger printer.` : null,
    repair: null,
  };
}

/** The checks of a model in the order of their weight, from the figures of the written triangles and the settings it was made with. */
export function meshChecks(r: MeshReport, settings: MeshSettings = defaults): MeshCheckRow[] {
  const rows = [...surfaceChecks(r), crossings(r, settings)];
  const sound = rows.every((row) => row.of === 'ok' || row.of === 'unknown');
  return [...rows, parts(r, settings, sound), walls(r, settings), build(r, settings)];
}
