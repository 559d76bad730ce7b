import { Refusal } from '../../../contract/errors.ts';
import { type Carries, type LivingCase, markNow, meshOf, parametersOf, segmentOf } from './living.ts';

/** Acts on what is made of segments: models, exports, figures. */
export const carryModels = (living: LivingCase): Carries<'mesh' | 'sign' | 'export' | 'evaluate'> => ({
  mesh: (entry) => {
    const { from, settings, report: measured, reasons, segment: id } = parametersOf('mesh', entry);
    const segment = segmentOf(living, id);
    return () => {
      segment.meshes.push({
        id: `mesh-${entry.sequence}`,
        sequence: entry.sequence,
        from: from ?? markNow(segment),
        settings,
        report: measured,
        reasons,
      });
      return () => segment.meshes.pop();
    };
  },
  sign: (entry) => {
    const { mesh, name, remark } = parametersOf('sign', entry);
    const signed = meshOf(living, mesh);
    if (!signed.current)
      throw new Refusal('NOT_FOUND', `${signed.segmentName} has changed since this mesh was made. Make the mesh again and sign that.`);
    return () => {
      living.signs.push({ sequence: entry.sequence, mesh, name, time: entry.time, remark });
      return () => {};
    };
  },
  export: (entry) => {
    const { mesh, segment } = parametersOf('export', entry);
    if (mesh !== null) meshOf(living, mesh);
    else if (segment !== null) segmentOf(living, segment);
    else throw new RangeError(`entry ${entry.sequence} exports nothing`);
    return () => () => {};
  },
  evaluate: (entry) => {
    const { segment, segmentName, from, figures } = parametersOf('evaluate', entry);
    return () => {
      living.evaluations.push({ sequence: entry.sequence, time: entry.time, segment, segmentName, from, figures });
      return () => {};
    };
  },
});
