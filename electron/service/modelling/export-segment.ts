import { exportAct, markOf } from '../cases/acts.ts';
import { provenance } from '../cases/provenance.ts';
import { chooseSegment, seriesOf } from '../choose.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { unreviewedOf, unreviewedWords } from '../steps/annotation/doubts.ts';
import { reviewOf } from './review-of.ts';

/**
 * P-export: a segment as a NIfTI-1 labelmap, with a report beside it: import warnings and who read them, findings, what was done to the
 * series. Throws Refusal; what stood at the path before stays until the new file is whole.
 */
export async function exportNifti(ports: Ports, session: Session, request: { segment: string | null; path: string }, context: JobContext) {
  const state = session.state();
  const segment = chooseSegment(state, request.segment);
  const series = seriesOf(state, segment);
  const path = ports.files.absolute(request.path);
  const reportPath = `${path.replace(/\.nii(\.gz)?$/i, '')}.report.json`;
  const aside = await ports.files.temporary();
  try {
    const written = await ports.compute.run(
      'writeNifti',
      {
        mask: await session.maskFile(segment),
        geometry: series,
        value: segment.label.value,
        networkWording: segment.networkWording,
        path: ports.files.join(aside, /\.nii$/i.test(path) ? 'labelmap.nii' : 'labelmap.nii.gz'),
      },
      { onProgress: context.progress, signal: context.signal },
    );
    await ports.files.copy(written.path, path);
    const report = {
      what: 'Lamina export report',
      writtenAt: ports.now(),
      case: { id: session.files.identity.id, name: state.name, journalSequence: state.sequence },
      file: { kind: 'nifti', sha256: written.sha256, bytes: written.bytes },
      frame: 'NIfTI-1, RAS mm; Lamina and DICOM use LPS',
      segment: {
        name: segment.name,
        label: segment.label,
        technique: segment.technique,
        networkWording: segment.networkWording,
        voxels: segment.voxels,
        volumeMm3: segment.volumeMm3,
      },
      series: { modality: series.modality, dimensions: series.dimensions, spacingMm: series.spacingMm, resampled: series.resampled },
      ...(await reviewOf(ports, session, segment, context)),
      ...provenance(state, session.entries(), series),
      remark: 'Not a medical device. Validate locally before any clinical use.',
    };
    await ports.files.writeText(reportPath, `${JSON.stringify(report, null, 2)}\n`);
    await session.exclusive(async () => {
      if (session.files.readOnly) return;
      const inputs = segment.mask.base === null ? [] : [segment.mask.base];
      const what = { segment: segment.id, segmentName: segment.name, from: markOf(segment.mask), kind: 'nifti', sha256: written.sha256 };
      await session.append(exportAct({ ...what, inputs }));
    });
    const findings = [{ text: `${segment.name}: ${unreviewedWords(await unreviewedOf(ports, session, segment))}` }];
    return { path, sha256: written.sha256, bytes: written.bytes, reportPath, findings };
  } finally {
    await ports.files.remove(aside);
  }
}
