import { useEffect } from 'react';
import { useCase } from '../../stores/case.ts';
import { enterCase } from '../../stores/preprocessing.ts';
import { ApplyDock } from './ApplyDock.tsx';
import { DenoiseSection } from './DenoiseSection.tsx';
import { InterpolateSection } from './InterpolateSection.tsx';
import { NormalizeSection } from './NormalizeSection.tsx';
import { PadSection } from './PadSection.tsx';
import { RegionSection } from './RegionSection.tsx';
import { RegisterSection } from './RegisterSection.tsx';
import { SeriesSection } from './SeriesSection.tsx';
import { useChain } from './use-chain.ts';
import { usePicker } from './use-picker.ts';
import { useRegionMarks } from './use-region-marks.ts';
import { WindowSection } from './WindowSection.tsx';

/** Preprocess: the steps of 8.1 in their order, each optional; Apply makes a new series and leaves this one as it is. */
export function PreprocessSide() {
  const caseId = useCase((s) => s.state?.id ?? null);
  const chain = useChain();
  useEffect(() => {
    if (caseId) enterCase(caseId);
  }, [caseId]);
  usePicker();
  useRegionMarks(chain);
  return (
    <>
      <SeriesSection chain={chain} />
      <RegionSection chain={chain} />
      <DenoiseSection chain={chain} />
      <InterpolateSection chain={chain} />
      <RegisterSection chain={chain} />
      <WindowSection chain={chain} />
      <NormalizeSection chain={chain} />
      <PadSection chain={chain} />
      <ApplyDock chain={chain} />
    </>
  );
}
