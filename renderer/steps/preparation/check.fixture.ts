import type { AcquisitionCheck, Judgement, ScanQuality } from '../../../contract/acquisition.ts';

/** One row of a check. */
export const rowOf = (
  parameter: AcquisitionCheck['rows'][number]['parameter'],
  judgement: Judgement,
): AcquisitionCheck['rows'][number] => ({
  parameter,
  name: parameter,
  asked: 'asked',
  found: 'found',
  judgement,
  note: '',
});

/** A check in the shape of the contract, of which tests change what they are about. */
export const checkOf = (rows: AcquisitionCheck['rows']): AcquisitionCheck => ({
  profile: { id: 'orbit', name: 'Orbit', modality: 'CT', source: '' },
  profiles: [{ id: 'skull', name: 'Skull' }],
  verdict: 'meets',
  sentence: 'All conditions are met.',
  rows,
  kernel: { name: 'H60s', class: 'bone', edgeEnhancing: false, source: 'Siemens' },
  enhancement: [],
  thinnestWall: null,
  walls: [],
  quality: null,
  qualityJudgement: 'unknown',
  findings: [],
});

export const qualityOf = (change: Partial<ScanQuality> = {}): ScanQuality => ({
  histogram: { low: -1000, high: 1000, counts: [10, 40, 90, 0] },
  noiseAirHu: 8,
  noiseSoftHu: 12,
  airHu: -998,
  fatHu: -98,
  softHu: 42,
  edgeWidthMm: 0.94,
  edgeWidthAlongMm: null,
  metal: { share: 0, hint: false },
  motion: { slices: [], hint: false },
  orbits: null,
  notes: [],
  ...change,
});
