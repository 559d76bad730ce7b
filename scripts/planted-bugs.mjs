#!/usr/bin/env node
// Do the tests of the import find a bug? Plants one at a time in a copy of the last commit and runs the generated series and the other tests of
// the import against it. `node scripts/planted-bugs.mjs [WORD]`: only bugs whose name holds WORD. Takes some minutes, so it is no part of
// `npm test`. Ends with 1 where more than one of thirty survives, or where a place to plant is gone.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const dicom = 'electron/ports/dicom';
const stack = 'kernels/volume/stack.ts';
const straighten = 'kernels/volume/straighten.ts';
const sources = 'return plan.slices.map(({ file, frame }) => {';
const rescale = 'slope: frame.slope ?? 1, intercept: frame.intercept ?? 0 }';

/** Name, file, what stands there, what is put in its place. @type {[string, string, string, string][]} */
const bugs = [
  ['row and column spacing exchanged', `${dicom}/plan.ts`, 'inPlaneMm: [spacing[1], spacing[0]],', 'inPlaneMm: [spacing[0], spacing[1]],'],
  [
    'row and column direction exchanged',
    `${dicom}/plan.ts`,
    '[...plan.rowDirection, ...plan.columnDirection,',
    '[...plan.columnDirection, ...plan.rowDirection,',
  ],
  [
    'sign of the cosines dropped',
    `${dicom}/cosines.ts`,
    'const row = orientation.slice(0, 3) as Triple;',
    'const row = orientation.slice(0, 3).map(Math.abs) as Triple;',
  ],
  ['handedness dropped', `${dicom}/plan.ts`, '...plan.stack.stepDirection]', '...(plan.stack.stepDirection.map(Math.abs) as Triple)]'],
  [
    'normal turned round',
    stack,
    '[a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]',
    '[a[2] * b[1] - a[1] * b[2], a[0] * b[2] - a[2] * b[0], a[1] * b[0] - a[0] * b[1]]',
  ],
  [
    'SliceThickness taken as spacing',
    `${dicom}/plan.ts`,
    'Math.round(plan.stack.stepMm * 1e9) / 1e9',
    'plan.files[0]?.sliceThickness ?? plan.stack.stepMm',
  ],
  [
    'SpacingBetweenSlices taken as spacing',
    `${dicom}/plan.ts`,
    'Math.round(plan.stack.stepMm * 1e9) / 1e9',
    'plan.files[0]?.spacingBetweenSlices ?? plan.stack.stepMm',
  ],
  ['tilt ignored', stack, "if (tilted) faults.push('GANTRY_TILT');", ''],
  ['tilt only where the tag says so', stack, 'const tiltLimitDegrees = 0.02;', 'const tiltLimitDegrees = 12;'],
  ['gaps averaged', stack, 'if (at.every((value, n) => Math.abs(value - at[0] - n * mean) <= toleranceMm(mean))) {', 'if (mean > 0) {'],
  ['tolerance a hundredfold', stack, 'return Math.min(0.03,', 'return 100 * Math.min(0.03,'],
  ['slices beside their line let through', stack, "if (!straight) faults.push('INCONSISTENT_SLICES');", ''],
  [
    'missing slices let through',
    stack,
    'if (spacing.fault) faults.push(spacing.fault);',
    "if (spacing.fault === 'VARIABLE_SPACING') faults.push(spacing.fault);",
  ],
  [
    'slices in the order of the files',
    `${dicom}/assemble.ts`,
    sources,
    'return [...plan.slices].sort((a, b) => (a.file.path < b.file.path ? -1 : 1)).map(({ file, frame }) => {',
  ],
  [
    'slices in the order of their instances',
    `${dicom}/assemble.ts`,
    sources,
    'return [...plan.slices].sort((a, b) => (a.file.sopInstanceUid < b.file.sopInstanceUid ? -1 : 1)).map(({ file, frame }) => {',
  ],
  [
    'frames in the order of the file',
    `${dicom}/assemble.ts`,
    'index: frame.index,',
    'index: frame.index > 0 ? plan.slices.findIndex((one) => one.frame === frame) : 0,',
  ],
  [
    "first slice's rescale for all",
    `${dicom}/assemble.ts`,
    rescale,
    'slope: plan.slices[0]?.frame.slope ?? 1, intercept: plan.slices[0]?.frame.intercept ?? 0 }',
  ],
  ['sign of the intercept', `${dicom}/assemble.ts`, rescale, 'slope: frame.slope ?? 1, intercept: -(frame.intercept ?? 0) }'],
  ['slope as a whole number', `${dicom}/assemble.ts`, rescale, 'slope: Math.round(frame.slope ?? 1), intercept: frame.intercept ?? 0 }'],
  [
    'origin off by half a voxel',
    `${dicom}/assemble.ts`,
    'const originLps = plan.slices[0]?.position as Triple;',
    'const originLps = (plan.slices[0]?.position as Triple).map((v, n) => v - 0.5 * plan.inPlaneMm[0] * (plan.rowDirection[n] as number)) as Triple;',
  ],
  [
    'positions rounded',
    `${dicom}/image.ts`,
    'position: triple(decimals(plane, 0x00200032)),',
    'position: triple(decimals(plane, 0x00200032)?.map((mm) => Math.round(mm * 10) / 10) ?? null),',
  ],
  ['byte order ignored', `${dicom}/pixels.ts`, 'const swap = littleEndian !== hostIsLittle;', 'const swap = false;'],
  ['sign not extended', `${dicom}/pixels.ts`, '((raw[n] as number) << left) >> right;', '((raw[n] as number) << left) >>> right;'],
  [
    'bits beside the stored ones kept',
    `${dicom}/pixels.ts`,
    'else for (let n = 0; n < count; n++) values[n] = ((raw[n] as number) << left) >>> right;',
    'else for (let n = 0; n < count; n++) values[n] = (raw[n] as number) >>> shift;',
  ],
  [
    'bits beside the stored ones kept on the fast way',
    `${dicom}/slice-values.ts`,
    'const stray = signed ? 0 : used & ~((2 ** bitsStored - 1) * pair);',
    'const stray = 0 * used;',
  ],
  ['high bit ignored', `${dicom}/pixels.ts`, 'const shift = highBit + 1 - bitsStored;', 'const shift = 0 * highBit;'],
  [
    'signed read as unsigned',
    `${dicom}/image.ts`,
    'signed: unsigned16(set, 0x00280103) === 1,',
    'signed: unsigned16(set, 0x00280103) === 2,',
  ],
  [
    'bytes of run lengths exchanged',
    `${dicom}/rle.ts`,
    'out, bytesPerPixel - 1 - n, bytesPerPixel, pixels',
    'out, n, bytesPerPixel, pixels',
  ],
  [
    'consent not asked for',
    'electron/processes/tasks/import.ts',
    'item.reasons.every((r) => (allow as string[]).includes(r.code))',
    "item.reasons.every((r) => ['GANTRY_TILT', 'VARIABLE_SPACING', 'MISSING_SLICES', ...allow].includes(r.code))",
  ],
  [
    'one consent covers all',
    'electron/processes/tasks/import.ts',
    'item.reasons.every((r) => (allow as string[]).includes(r.code))',
    '(item.reasons.length === 0 || item.reasons.some((r) => (allow as string[]).includes(r.code)))',
  ],
  [
    'localizer taken as a slice',
    `${dicom}/series-faults.ts`,
    "return file.imageType.some((part) => part === 'LOCALIZER'",
    "return file.imageType.some((part) => part === 'NEVER'",
  ],
  [
    'different images at one place dropped',
    `${dicom}/duplicates.ts`,
    'samePlace(slice, other) && sameSize(slice, other) && samePicture(slice, other)',
    'samePlace(slice, other)',
  ],
  ['orientations that differ put together', `${dicom}/plan.ts`, 'const orientationTolerance = 1e-3;', 'const orientationTolerance = 1;'],
  [
    'another pixel size in some slices let through',
    `${dicom}/series-faults.ts`,
    'Math.abs(own[0] - spacing[0]) * first.file.format.rows <= 0.01 &&',
    'own[0] > 0 &&',
  ],
  [
    'two acquisitions mixed',
    `${dicom}/duplicates.ts`,
    'if (!apart || volumes.size !== count) continue;',
    'if (!apart || volumes.size !== count || count === 2) continue;',
  ],
  [
    'slide of resampling the wrong way',
    straighten,
    'left - (source.shear[0] * slid) / source.inPlaneMm[0],',
    'left + (source.shear[0] * slid) / source.inPlaneMm[0],',
  ],
  ['weights of resampling exchanged', straighten, '[below, 1 - w],', '[below, w * 0 + 1],'],
  [
    'shift of the resampled grid forgotten',
    'electron/ports/straight-volume.ts',
    'value + a * (row[n] as number) + b * (column[n] as number)',
    'value + 0 * (a + b)',
  ],
  [
    'resampled from even positions',
    `${dicom}/assemble.ts`,
    'positionsMm: stack.positionsMm,',
    'positionsMm: stack.positionsMm.map((_, n, all) => (all[0] as number) + n * stack.spacingMm),',
  ],
  ['slant of resampling along the other axis', `${dicom}/assemble.ts`, 'shear: stack.shear,', 'shear: [stack.shear[1], stack.shear[0]],'],
  ['nothing outside the planes is 0', `${dicom}/assemble.ts`, 'outside: lowest(values),', 'outside: 0,'],
  ['resampling not marked', `${dicom}/assemble.ts`, '...geometry, resampled: true }', '...geometry, resampled: false }'],
];

const wanted = bugs.filter(([name]) => name.includes(process.argv[2] ?? ''));
const copy = mkdtempSync(path.join(tmpdir(), 'lamina-planted-'));
const node = process.execPath;
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** @param {string[]} files */
function passes(files) {
  const env = {
    ...process.env,
    LAMINA_TEST_GEOMETRIES: '300',
    LAMINA_TEST_SEED: '20261122',
    LAMINA_SHARED: path.join(root, '..', 'shared'),
  };
  const { status, stdout } = spawnSync(node, [vitest, 'run', '--bail=1', ...files], { cwd: copy, env, encoding: 'utf8' });
  // A bug that does not even load is no bug found.
  if (!stdout.includes('Tests') || stdout.includes('no tests')) throw new Error(`the tests did not run:\n${stdout}`);
  return status === 0;
}
const generated = ['electron/processes/tasks/generated-geometries.test.ts'];
const others = [
  'electron/processes/tasks/import.test.ts',
  'electron/ports/dicom/pixels.test.ts',
  'electron/ports/dicom/plan.test.ts',
  'electron/ports/dicom/fill-volume.test.ts',
  'electron/ports/dicom/codecs.test.ts',
  'kernels/volume',
];

const survived = [];
const gone = [];
try {
  execFileSync('git', ['archive', '-o', path.join(copy, 'tree.tar'), 'HEAD'], { cwd: root });
  execFileSync('tar', ['-xf', 'tree.tar'], { cwd: copy });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  if (!passes([...generated, ...others])) throw new Error('the tests fail without any bug');
  for (const [name, file, find, put] of wanted) {
    const place = path.join(copy, file);
    const whole = readFileSync(place, 'utf8');
    if (whole.split(find).length !== 2) {
      gone.push(name);
      console.log(`no place      ${name} (${file})`);
      continue;
    }
    writeFileSync(
      place,
      whole.replace(find, () => put),
    );
    const by = !passes(generated) ? 'generated' : !passes(others) ? 'other tests' : null;
    writeFileSync(place, whole);
    if (!by) survived.push(name);
    console.log(`${(by ?? 'SURVIVED').padEnd(14)}${name}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(
  `${wanted.length - survived.length - gone.length} of ${wanted.length} planted bugs found${gone.length > 0 ? `, ${gone.length} without a place` : ''}`,
);
process.exitCode = gone.length > 0 || survived.length > wanted.length / 30 ? 1 : 0;
