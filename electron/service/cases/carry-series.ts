import { Refusal } from '../../../contract/errors.ts';
import { type Carries, type LivingCase, parametersOf } from './living.ts';

/** Acts on the case and its series (7, 8). */
export const carrySeries = (living: LivingCase): Carries<'create' | 'import' | 'preprocess' | 'acknowledge'> => ({
  create: (entry) => {
    parametersOf('create', entry);
    if (entry.sequence !== 0) throw new RangeError(`entry ${entry.sequence} creates a case that exists`);
    return () => () => {};
  },
  import: (entry) => {
    const taken = parametersOf('import', entry);
    for (const one of taken.series)
      if (living.series.some((known) => known.seriesInstanceUid === one.seriesInstanceUid))
        throw new Refusal('CASE_EXISTS', `This case already holds series ${one.seriesInstanceUid}. Import it into a new case.`);
    return () => {
      living.series.push(...taken.series);
      living.report = { ...taken.report, series: taken.series };
      living.unacknowledged = [...living.unacknowledged, ...taken.report.warnings];
      return () => {};
    };
  },
  preprocess: (entry) => {
    const { series: made } = parametersOf('preprocess', entry);
    const from = made.derivation?.from;
    if (!living.series.some((one) => one.seriesInstanceUid === from))
      throw new Refusal('CASE_LOCKED', 'The series that this was made of was taken back meanwhile; nothing was made. Do it again.');
    if (living.series.some((one) => one.seriesInstanceUid === made.seriesInstanceUid))
      throw new Refusal('CASE_EXISTS', 'This case already holds the series that these settings make. Choose it from the list of series.');
    return () => {
      living.series.push(made);
      return () => living.series.pop();
    };
  },
  acknowledge: (entry) => {
    const { codes } = parametersOf('acknowledge', entry);
    return () => {
      living.unacknowledged = living.unacknowledged.filter((one) => !codes.includes(one.code));
      return () => {};
    };
  },
});
