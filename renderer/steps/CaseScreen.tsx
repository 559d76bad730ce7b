import { ToolBar } from '../frame/ToolBar.tsx';
import { ExportSide } from '../modelling/ExportSide.tsx';
import { ModelSide } from '../modelling/ModelSide.tsx';
import { ModelView } from '../modelling/ModelView.tsx';
import { SurfaceCell } from '../modelling/SurfaceCell.tsx';
import { useCase } from '../stores/case.ts';
import { usePreprocessing } from '../stores/preprocessing.ts';
import { useViewer } from '../stores/viewer.ts';
import { type Step, useWorkspace } from '../stores/workspace.ts';
import { ViewerGrid } from '../viewports/index.ts';
import { CorrectSide } from './annotation/CorrectSide.tsx';
import { CompareStrip } from './deployment/CompareStrip.tsx';
import { MapBar } from './deployment/MapBar.tsx';
import { SegmentSide } from './deployment/SegmentSide.tsx';
import { EvaluateScreen } from './evaluation/EvaluateScreen.tsx';
import { EvaluateSide } from './evaluation/EvaluateSide.tsx';
import { CleanSide } from './postprocessing/CleanSide.tsx';
import { PrepareScreen } from './preparation/PrepareScreen.tsx';
import { PreprocessBar } from './preprocessing/PreprocessBar.tsx';
import { PreprocessSide } from './preprocessing/PreprocessSide.tsx';
import { PreviewArea } from './preprocessing/PreviewArea.tsx';

function Loading() {
  const loading = useCase((s) => s.loading);
  if (!loading) return null;
  const percent = Math.round(loading.fraction * 100);
  return (
    <div className="wait" role="status">
      <div>
        <div className="row">
          <span>Loading {loading.what}</span>
          <span className="num">{percent} %</span>
        </div>
        <div className="prog">
          <i style={{ width: `${percent}%` }} />
        </div>
      </div>
    </div>
  );
}

const sides = {
  preprocess: PreprocessSide,
  segment: SegmentSide,
  correct: CorrectSide,
  clean: CleanSide,
  evaluate: EvaluateSide,
  model: ModelSide,
  export: ExportSide,
} as const;

/**
 * Main part and side panel of a step. The planes stay mounted under Prepare and Model, so that going back to them costs nothing and
 * slices, zoom and window are as they were left.
 */
export function CaseScreen({ step }: { step: Step }) {
  const hasVolume = useViewer((s) => s.volume !== null);
  const compare = useWorkspace((s) => s.compare);
  const previewing = usePreprocessing((s) => s.view !== 'planes') && step === 'preprocess';
  const covered = step === 'prepare' || step === 'evaluate' || step === 'model' || step === 'export';
  const Side = step in sides ? sides[step as keyof typeof sides] : null;
  return (
    <>
      <main className="main">
        <div className="stage">
          <div className="under" inert={covered}>
            <ToolBar step={step} />
            {step === 'segment' && <MapBar />}
            {step === 'preprocess' && <PreprocessBar />}
            <div className="stage">
              <div style={{ display: 'contents' }} inert={previewing}>
                {hasVolume && <ViewerGrid threeD={<SurfaceCell />} />}
              </div>
              {previewing && (
                <div className="over">
                  <PreviewArea />
                </div>
              )}
              {!covered && <Loading />}
            </div>
            {step === 'segment' && compare && <CompareStrip />}
          </div>
          {step === 'prepare' && (
            <div className="over">
              <PrepareScreen />
            </div>
          )}
          {step === 'evaluate' && (
            <div className="over">
              <EvaluateScreen />
            </div>
          )}
          {(step === 'model' || step === 'export') && (
            <div className="over">
              <ModelView />
            </div>
          )}
        </div>
      </main>
      {Side && (
        // Its own for each step, so that a step begins at the top of its panel.
        <aside key={step} className="side" aria-label="Settings of the step">
          <Side />
        </aside>
      )}
    </>
  );
}
