/** The normal distribution as a table over [-4.5, 4.5], for inner loops: within 2e-6 of the integral. */
export const tableReach = 4.5;
export const tablePerUnit = 256;
const entries = 2 * tableReach * tablePerUnit + 2;

const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
/** Entry n is the integral up to n / tablePerUnit - tableReach. */
export const integralTable = new Float64Array(entries);
for (let n = 0; n < entries; n++) {
  // Simpson's rule from one entry to the next; the tail below -4.5 is 3.4e-6.
  const x = -tableReach + (n - 1) / tablePerUnit;
  const h = 1 / tablePerUnit;
  integralTable[n] = n === 0 ? 3.4e-6 : integralTable[n - 1] + ((density(x) + 4 * density(x + h / 2) + density(x + h)) * h) / 6;
}

/** The part of a unit step, blurred by a Gaussian of width 1, that is seen at x. */
export function normalIntegral(x: number): number {
  if (!(x > -tableReach)) return 0;
  if (x >= tableReach) return 1;
  const at = (x + tableReach) * tablePerUnit;
  const n = at | 0;
  return integralTable[n] + (at - n) * (integralTable[n + 1] - integralTable[n]);
}

/** The slope of `normalIntegral`, to 0.2 %. */
export function normalDensity(x: number): number {
  if (!(x > -tableReach && x < tableReach)) return 0;
  const n = ((x + tableReach) * tablePerUnit) | 0;
  return (integralTable[n + 1] - integralTable[n]) * tablePerUnit;
}
