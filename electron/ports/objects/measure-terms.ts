import type { CodedTerm } from '../../../contract/labels.ts';
import type { MarkupMeasures } from '../../../contract/markups.ts';

const sct = (value: string, meaning: string): CodedTerm => ({ value, scheme: 'SCT', meaning });
const ucum = (value: string, meaning: string): CodedTerm => ({ value, scheme: 'UCUM', meaning });

/** PS3.16 CID 7469, 7464 and 7181, as pydicom's dictionaries have them. */
export const measureTerms = {
  volume: sct('118565006', 'Volume'),
  area: sct('42798000', 'Area'),
  length: sct('410668003', 'Length'),
  perimeter: sct('131191004', 'Perimeter'),
  angle: sct('1483009', 'Angle'),
  attenuation: { value: '112031', scheme: 'DCM', meaning: 'Attenuation Coefficient' },
  signal: { value: '110852', scheme: 'DCM', meaning: 'MR signal intensity' },
  mean: sct('373098007', 'Mean'),
  deviation: sct('386136009', 'Standard Deviation'),
  minimum: sct('255605001', 'Minimum'),
  maximum: sct('56851009', 'Maximum'),
} as const satisfies Record<string, CodedTerm>;

export const unitTerms = {
  mm: ucum('mm', 'mm'),
  mm2: ucum('mm2', 'square millimeter'),
  mm3: ucum('mm3', 'cubic millimeter'),
  ml: ucum('ml', 'milliliter'),
  degree: ucum('deg', 'Degree'),
  hounsfield: ucum("[hnsf'U]", 'Hounsfield unit'),
  one: ucum('1', 'no units'),
} as const satisfies Record<string, CodedTerm>;

/** A number with what it says. */
export interface Measured {
  term: CodedTerm;
  /** How it came from many values; null: it is one. */
  derivation: CodedTerm | null;
  value: number;
  unit: CodedTerm;
}

export const volumesOf = (volumeMm3: number): Measured[] => [
  { term: measureTerms.volume, derivation: null, value: volumeMm3, unit: unitTerms.mm3 },
  { term: measureTerms.volume, derivation: null, value: volumeMm3 / 1000, unit: unitTerms.ml },
];

/** What is measured of a markup, in coded words. @param encloses whether its length is the way round an area */
export function measuredOf({ lengthMm, angleDeg, areaMm2, values }: MarkupMeasures, encloses: boolean): Measured[] {
  const out: Measured[] = [];
  const add = (term: CodedTerm, derivation: CodedTerm | null, value: number | null, unit: CodedTerm) => {
    if (value !== null && Number.isFinite(value)) out.push({ term, derivation, value, unit });
  };
  add(encloses ? measureTerms.perimeter : measureTerms.length, null, lengthMm, unitTerms.mm);
  add(measureTerms.angle, null, angleDeg, unitTerms.degree);
  add(measureTerms.area, null, areaMm2, unitTerms.mm2);
  if (values) {
    const hounsfield = values.units === 'HU';
    const term = hounsfield ? measureTerms.attenuation : measureTerms.signal;
    const unit = hounsfield ? unitTerms.hounsfield : unitTerms.one;
    add(term, values.voxels > 1 ? measureTerms.mean : null, values.mean, unit);
    if (values.voxels > 1) {
      add(term, measureTerms.deviation, values.sd, unit);
      add(term, measureTerms.minimum, values.minimum, unit);
      add(term, measureTerms.maximum, values.maximum, unit);
    }
  }
  return out;
}

/** A number as a person reads it: to a hundredth, or to two digits where that is less. */
export const inWords = (value: number): string => String(Number(Math.abs(value) < 0.01 ? value.toPrecision(2) : value.toFixed(2)));
