import type { Triple } from '../volume/geometry.ts';

export interface Marker {
  name: string;
  centreLps: Triple;
  radiusMm: number;
  hu: number;
}

export interface WallTruth {
  wall: 'medial' | 'floor';
  side: 'left' | 'right';
  thicknessMm: { least: number; mean: number; most: number };
}
