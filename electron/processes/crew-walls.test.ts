import { afterAll, expect, test } from 'vitest';
import { deviationBetween } from '../../kernels/mesh/deviation.ts';
import { signedDistances } from '../../kernels/mesh/signed-distances.ts';
import { thickenWalls } from '../../kernels/mesh/thicken.ts';
import { sphere, together } from '../../kernels/mesh/wall-shapes.ts';
import { wallThickness } from '../../kernels/mesh/wall-thickness.ts';
import { inTurn } from '../../kernels/parts.ts';
import { startCrew } from './crew.ts';

const crew = startCrew(3);
afterAll(() => crew.end());

test('[P-print] walls, thickening, deviation and signed distances are the same to the last bit on threads and in turn', async () => {
  const shell = together(sphere(20, 14), sphere(19, 14, true));
  const other = sphere(20.1, 11);
  const alone = await wallThickness(shell, inTurn);
  const shared = await wallThickness(shell, crew.run);
  expect(Buffer.from(shared.slice().buffer).equals(Buffer.from(alone.slice().buffer))).toBe(true);
  expect(await deviationBetween(shell, other, crew.run)).toEqual(await deviationBetween(shell, other, inTurn));
  expect((await signedDistances(shell, other, crew.run)).slice()).toEqual((await signedDistances(shell, other, inTurn)).slice());
  const thick = await thickenWalls(shell, alone, 1.5, 'both', crew.run);
  expect(thick.mesh.positions.slice()).toEqual((await thickenWalls(shell, alone, 1.5, 'both', inTurn)).mesh.positions.slice());
  expect(thick.leftMm2).toBe(0);
});
