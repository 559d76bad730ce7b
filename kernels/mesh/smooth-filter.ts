/**
 * The filter of one block of smoothing. Let r be how far a vertex lies from the mean of its neighbours, seen as an operator on all
 * vertices at once: waves along the surface are its eigenvectors, long ones near 0, the steps between voxels from 0.5 to 2. A block
 * applies f(r) = 1 - (1 - P(r))^4, where P is the Chebyshev polynomial of degree 5 that is least on [0.514, 2] and 1 at 0.
 *
 * Close to 0 f differs from 1 by the fourth power of r only, so what is long against a voxel neither shrinks nor swells (lambda | mu
 * smoothing, the first to keep volume, differs by r or r^2); on [0.514, 2] |f| stays below 0.031.
 * Sources: Chebyshev for the least polynomial; the power is repeated "twicing" (Kaiser and Hamming 1977).
 *
 * As its degree is 20, f takes 20 passes over the neighbours: ten factors 1 - first * r + second * r^2, two passes each, in an order in
 * which no product of the first few exceeds 1. They come from the roots of f; the test puts them together again.
 */
export const blockFactors: readonly (readonly [first: number, second: number])[] = [
  [0.785825973909303, 0.160876364642215],
  [0.916818133822527, 0.437048095831977],
  [0.767836218791532, 0.160114605769002],
  [0.83224276983071, 0.506696643384913],
  [0.808169299887693, 0.183868972492872],
  [0.937448592859324, 0.717778416164442],
  [2.407489667413548, 1.072830556937819],
  [-3.448262000478848, 30.259815268808786],
  [2.014692404225738, 0.969890625090165],
  [-6.022261060261522, -3.326241046936519],
];

/** One neighbour pass is an iteration, so a block takes this many. */
export const blockIterations = blockFactors.length * 2;

/** What is left over a block, two passes each: 1 - (0.63 r)^2, weaker but as flat as r^2 at 0. */
export const pairFactor: readonly [first: number, second: number] = [0, -(0.63 ** 2)];
