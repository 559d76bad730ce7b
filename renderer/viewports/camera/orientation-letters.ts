import type { Point } from '../../stores/viewer.ts';

/** Share of a direction below which its letter says nothing (15 degrees off the next axis). */
const least = 0.26;

/**
 * Letters of the patient side that a direction points to, the strongest first: 'L', 'PS'. DICOM PS3.3 C.7.6.1.1.1.
 * @param direction unit vector in LPS: the way from the middle of the view to the edge where the letters stand
 */
export function orientationLetters(direction: Point): string {
  const sides = ['RL', 'AP', 'IS'];
  return direction
    .map((share, axis) => ({ size: Math.abs(share), letter: sides[axis]![share > 0 ? 1 : 0]! }))
    .filter(({ size }) => size >= least)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join('');
}
