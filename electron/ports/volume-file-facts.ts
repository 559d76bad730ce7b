import type { AcquisitionFacts } from '../../contract/acquisition.ts';
import type { VolumeFormat } from './volume-file-header.ts';

const formats: Record<VolumeFormat, AcquisitionFacts['format']> = { NIfTI: 'NIfTI-1', NRRD: 'NRRD', MetaImage: 'MetaImage' };

/** What a volume file says of its acquisition: its format, and nothing else that 7.3 asks about. */
export function volumeFileFacts(format: VolumeFormat, modality: string): AcquisitionFacts {
  return {
    format: formats[format],
    modality,
    manufacturer: null,
    model: null,
    bodyPart: null,
    patientPosition: null,
    tubeVoltageKv: null,
    tubeCurrentMa: null,
    exposureControl: null,
    rotationTimeS: null,
    collimationMm: null,
    fieldOfViewMm: null,
    sliceThicknessMm: null,
    kernel: null,
    imageType: [],
    processing: [],
    lossy: false,
    mr: null,
  };
}
