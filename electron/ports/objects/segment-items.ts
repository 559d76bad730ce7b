import { dicomCielab } from './cielab.ts';
import type { DicomItem } from './dicom-dataset.ts';
import type { ObjectSegment } from './object-input.ts';
import { codeItem } from './object-modules.ts';

/** An item of SegmentSequence (PS3.3 C.8.20.4): what the segment is, how it was made, in which colour it is shown. */
export function segmentItem(segment: ObjectSegment, number: number): DicomItem {
  const { label, algorithmType, algorithmName, networkWording } = segment;
  const type = label.modifier
    ? { ...codeItem(label.type), SegmentedPropertyTypeModifierCodeSequence: [codeItem(label.modifier)] }
    : codeItem(label.type);
  return {
    SegmentNumber: number,
    SegmentLabel: segment.name,
    SegmentDescription: [algorithmName, networkWording].filter(Boolean).join('. ') || undefined,
    SegmentAlgorithmType: algorithmType,
    SegmentAlgorithmName: algorithmType === 'MANUAL' ? undefined : algorithmName || 'Lamina',
    SegmentedPropertyCategoryCodeSequence: [codeItem(label.category)],
    SegmentedPropertyTypeCodeSequence: [type],
    RecommendedDisplayCIELabValue: dicomCielab(segment.rgb),
    TrackingID: segment.trackingId,
    TrackingUID: segment.trackingUid,
  };
}
