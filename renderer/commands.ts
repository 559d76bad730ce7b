import { reviewStates } from '../contract/labels.ts';
import { clock } from './design/numbers.ts';
import { askAndOpen, askAndOpenFiles } from './frame/ask-path.ts';
import { stepNames } from './frame/step-names.tsx';
import { markupCommands } from './markup-commands.ts';
import { type ColourBy, useModelColours } from './modelling/model-colours.ts';
import { networkRefusal } from './steps/deployment/words.ts';
import { useCleanPart } from './steps/postprocessing/clean-part.ts';
import { type EffectDraft, useEffectDraft } from './steps/postprocessing/effect-draft.ts';
import { effectNames } from './steps/postprocessing/effect-words.ts';
import { importAllWords } from './steps/preparation/import-all.ts';
import { importAll, leave, openDemo, redo, segmentToStl, undo } from './stores/acts.ts';
import { toggleAuthors } from './stores/authorship.ts';
import { useCase } from './stores/case.ts';
import { openHelp } from './stores/help.ts';
import { useJobs } from './stores/jobs.ts';
import { useNotices } from './stores/notices.ts';
import { reviewNow } from './stores/review.ts';
import { confirmPlace, stepPlace } from './stores/review-acts.ts';
import { useScan } from './stores/scan.ts';
import { newSegment, newSegmentRefusal, segmentOrbit } from './stores/segment-acts.ts';
import { lockActive, lockedActive, openActive, removeActive, reviewActive } from './stores/segment-details.ts';
import {
  editRefusal,
  nextTool,
  setBrushMm,
  stepActiveSegment,
  stepOpacity,
  takeTool,
  togglePreview,
  toggleVisible,
} from './stores/tools.ts';
import { useViewer, windowPresets } from './stores/viewer.ts';
import { type Step, useWorkspace } from './stores/workspace.ts';
import { goTo, resetViews, turnViews } from './viewports/index.ts';

/** One thing that a person can do, with its words; the palette, the key table and the key sheet all read this list. */
export interface Command {
  id: string;
  title: string;
  group: 'Case' | 'Go to' | 'View' | 'Tools' | 'Segments' | 'Review' | 'Annotations' | 'Lamina';
  /** Why it cannot be done now; null: it can. */
  refusal: () => string | null;
  run: () => void;
}

const noCase = () => (useCase.getState().state ? null : 'No case is open. Open a folder first.');
const noVolume = () => (useViewer.getState().volume ? null : (noCase() ?? 'The voxels are still on their way.'));
const readOnly = () => {
  const { state, busy } = useCase.getState();
  if (!state) return noCase();
  if (state.readOnly) return state.heldBy ? `Read-only: ${state.heldBy}.` : 'The case was opened read-only.';
  return busy ? `${busy} is still running.` : null;
};
const shownSeries = () => {
  const { state, series } = useCase.getState();
  return state?.series.find((s) => s.seriesInstanceUid === series);
};
/** Presets and recipes in HU say nothing about values of another unit. */
const noHu = () => {
  const { volume } = useViewer.getState();
  return volume && volume.units !== 'HU' ? 'The values of this series are not HU. Choose another series at the top.' : noVolume();
};
/** Two scans of one patient are registered in one case. */
function importAllRefusal(): string | null {
  const { result } = useScan.getState();
  const { busy } = useCase.getState();
  if (!result) return 'Open a folder first.';
  if (busy) return `${busy} is still running.`;
  const words = importAllWords(result.series);
  return words ? words.refusal : 'The folder holds fewer than two volumes.';
}
const free = () => null;
const noSegment = () => (useViewer.getState().activeSegment ? null : (noCase() ?? 'No segment yet. Make one in Segment.'));

const stepToRefusal = () =>
  noVolume() ?? noSegment() ?? (reviewNow()?.places?.length === 0 ? 'No doubtful place was found, which proves nothing.' : null);

function gotoStep(step: Step): Command {
  const { name, later } = stepNames[step];
  return {
    id: `step.${step}`,
    title: name,
    group: 'Go to',
    refusal: () => later ?? (step === 'prepare' ? null : noCase()),
    run: () => useWorkspace.getState().set({ step }),
  };
}

function colourModel(by: ColourBy, title: string): Command {
  return {
    id: `view.model-${by}`,
    title,
    group: 'View',
    refusal: () => noCase() ?? (useCase.getState().state?.meshes.length ? null : 'No model yet. Make one in Model.'),
    run: () => {
      useModelColours.getState().set({ by });
      useWorkspace.getState().set({ step: 'model' });
    },
  };
}

const drawingTools = [
  { tool: 'scissors', title: 'Scissors' },
  { tool: 'flood-fill', title: 'Flood fill' },
  { tool: 'level-trace', title: 'Level tracing' },
  { tool: 'livewire', title: 'Livewire' },
  { tool: 'contour', title: 'Contour, filled' },
] as const;

/** What Clean does to a segment as a whole, with its settings ready. */
function wholeEffect(effect: EffectDraft['effect'] | 'islands', title: string): Command {
  return {
    id: `effect.${effect}`,
    title,
    group: 'Segments',
    refusal: () => noVolume() ?? noSegment(),
    run: () => {
      useCleanPart.getState().set(effect === 'islands' ? 'islands' : 'effect');
      if (effect !== 'islands') useEffectDraft.getState().set({ effect });
      useWorkspace.getState().set({ step: 'clean' });
    },
  };
}

const undoName = () => useCase.getState().state?.undo;
const redoName = () => useCase.getState().state?.redo;
/** Undo and redo wait their turn behind quick acts and behind what changes nothing; only a job that changes the case keeps them off. */
function stepRefusal(name: string | null | undefined, what: string): string | null {
  const { state, busy, busyReads } = useCase.getState();
  const job = useJobs.getState().running[0];
  if (!state || state.readOnly) return readOnly();
  if (job && !busyReads) return `${job.title} is running. Wait for it or cancel it below.`;
  return name || busy ? null : `Nothing to ${what}.`;
}

export const commands: Command[] = [
  { id: 'case.open', title: 'Open folder', group: 'Case', refusal: free, run: () => void askAndOpen() },
  { id: 'case.open-files', title: 'Open image files', group: 'Case', refusal: free, run: () => void askAndOpenFiles() },
  { id: 'case.demo', title: 'Open the demo head', group: 'Case', refusal: free, run: () => void openDemo() },
  {
    id: 'case.import-all',
    title: 'Import every series of the folder as one case',
    group: 'Case',
    refusal: importAllRefusal,
    run: () => void importAll(),
  },
  { id: 'case.close', title: 'Close the case', group: 'Case', refusal: noCase, run: () => void leave() },
  {
    id: 'case.undo',
    title: 'Undo',
    group: 'Case',
    refusal: () => stepRefusal(undoName(), 'undo'),
    run: () => void undo(),
  },
  {
    id: 'case.redo',
    title: 'Redo',
    group: 'Case',
    refusal: () => stepRefusal(redoName(), 'redo'),
    run: () => void redo(),
  },
  {
    id: 'case.save',
    title: 'Save point',
    group: 'Case',
    refusal: noCase,
    run: () => {
      const { state } = useCase.getState();
      if (state)
        useNotices.getState().tell({
          kind: 'done',
          title: 'Everything is saved as you work',
          text: `Last entry ${state.sequence}, written ${clock(state.savedAt)}.`,
        });
    },
  },
  {
    id: 'case.segment-to-stl',
    title: 'Segment to checked STL',
    group: 'Case',
    refusal: () => readOnly() ?? noHu(),
    run: () => void segmentToStl(),
  },
  {
    id: 'case.segment-orbit',
    title: 'Segment orbit',
    group: 'Case',
    refusal: () => readOnly() ?? noVolume() ?? networkRefusal(shownSeries()),
    run: () => {
      useWorkspace.getState().set({ step: 'segment' });
      void segmentOrbit();
    },
  },
  colourModel('plain', 'Show the model as bone'),
  colourModel('thickness', 'Colour the model by wall thickness'),
  colourModel('deviation', 'Colour the model by its deviation from the mask'),
  {
    id: 'view.compare',
    title: 'Compare methods on one slice',
    group: 'View',
    refusal: noVolume,
    run: () => useWorkspace.getState().set({ step: 'segment', compare: true }),
  },
  ...(['prepare', 'preprocess', 'segment', 'correct', 'clean', 'evaluate', 'model', 'export'] as const).map(gotoStep),
  {
    id: 'view.goto',
    title: 'Go to a point, LPS mm',
    group: 'View',
    refusal: noVolume,
    run: () => useWorkspace.getState().set({ palette: 'goto' }),
  },
  { id: 'view.reset', title: 'Reset the views', group: 'View', refusal: noVolume, run: () => resetViews() },
  {
    id: 'view.centre',
    title: 'Centre the views on the crosshair',
    group: 'View',
    refusal: noVolume,
    run: () => goTo(useViewer.getState().crosshairLps),
  },
  {
    id: 'view.crosshair',
    title: 'Crosshair on or off',
    group: 'View',
    refusal: noVolume,
    run: () => useViewer.getState().set({ crosshairShown: !useViewer.getState().crosshairShown }),
  },
  {
    id: 'view.turn',
    title: 'Turn the other planes 5° clockwise (oblique)',
    group: 'View',
    refusal: noVolume,
    run: () => turnViews(5),
  },
  {
    id: 'view.turn-back',
    title: 'Turn the other planes 5° anticlockwise (oblique)',
    group: 'View',
    refusal: noVolume,
    run: () => turnViews(-5),
  },
  {
    id: 'view.square',
    title: 'Planes back to axial, coronal and sagittal',
    group: 'View',
    refusal: () => noVolume() ?? (useViewer.getState().turned ? null : 'The planes are not turned.'),
    run: () => useViewer.getState().set({ turned: null }),
  },
  {
    id: 'view.layout',
    title: 'One view or four',
    group: 'View',
    refusal: noVolume,
    run: () => useViewer.getState().set({ maximised: useViewer.getState().maximised ? null : 'axial' }),
  },
  ...windowPresets.map(
    (p): Command => ({
      id: `window.${p.name.toLowerCase().replace(' ', '-')}`,
      title: `Window: ${p.name} (W ${p.width} L ${p.center})`,
      group: 'View',
      refusal: noHu,
      run: () => useViewer.getState().set({ window: { center: p.center, width: p.width } }),
    }),
  ),
  { id: 'tool.navigate', title: 'Navigate', group: 'Tools', refusal: noVolume, run: () => takeTool('navigate') },
  { id: 'tool.brush', title: 'Brush', group: 'Tools', refusal: () => noVolume() ?? editRefusal(), run: () => takeTool('brush') },
  { id: 'tool.eraser', title: 'Eraser', group: 'Tools', refusal: () => noVolume() ?? editRefusal(), run: () => takeTool('eraser') },
  { id: 'tool.pick', title: 'Pick an island', group: 'Tools', refusal: () => noVolume() ?? noSegment(), run: () => takeTool('pick') },
  ...drawingTools.map(
    ({ tool, title }): Command => ({
      id: `tool.${tool}`,
      title,
      group: 'Tools',
      refusal: () => noVolume() ?? editRefusal(),
      run: () => takeTool(tool),
    }),
  ),
  ...markupCommands,
  { id: 'tool.last', title: 'Toggle the last two tools', group: 'Tools', refusal: noVolume, run: nextTool },
  { id: 'tool.drop', title: 'Drop the tool', group: 'Tools', refusal: noVolume, run: () => takeTool('navigate') },
  { id: 'brush.smaller', title: 'Brush smaller', group: 'Tools', refusal: noVolume, run: () => setBrushMm(-1) },
  { id: 'brush.larger', title: 'Brush larger', group: 'Tools', refusal: noVolume, run: () => setBrushMm(1) },
  {
    id: 'segment.new',
    title: 'New segment, to draw in',
    group: 'Segments',
    refusal: () => noVolume() ?? newSegmentRefusal(useCase.getState()),
    run: () => void newSegment(),
  },
  { id: 'segment.previous', title: 'Segment above', group: 'Segments', refusal: noSegment, run: () => stepActiveSegment(-1) },
  { id: 'segment.next', title: 'Segment below', group: 'Segments', refusal: noSegment, run: () => stepActiveSegment(1) },
  { id: 'segment.visible', title: 'Mask on or off', group: 'Segments', refusal: noSegment, run: () => toggleVisible(null) },
  {
    id: 'segment.lock',
    title: 'Lock or unlock the segment',
    group: 'Segments',
    refusal: () => readOnly() ?? noSegment(),
    run: () => void lockActive(),
  },
  {
    id: 'segment.details',
    title: 'Label, number, review state of the segment',
    group: 'Segments',
    refusal: noSegment,
    run: () => openActive('details'),
  },
  {
    id: 'segment.colour',
    title: 'Colour of the segment',
    group: 'Segments',
    refusal: () => readOnly() ?? noSegment(),
    run: () => openActive('colour'),
  },
  {
    id: 'segment.rename',
    title: 'Rename the segment',
    group: 'Segments',
    refusal: () => readOnly() ?? noSegment(),
    run: () => openActive('name'),
  },
  {
    id: 'segment.remove',
    title: 'Remove the segment',
    group: 'Segments',
    refusal: () => readOnly() ?? noSegment() ?? lockedActive(),
    run: () => void removeActive(),
  },
  ...reviewStates.map(
    (review): Command => ({
      id: `segment.review-${review.replace(' ', '-')}`,
      title: `Review state of the segment: ${review}`,
      group: 'Review',
      refusal: () => readOnly() ?? noSegment(),
      run: () => void reviewActive(review),
    }),
  ),
  { id: 'segment.fainter', title: 'Mask fainter', group: 'Segments', refusal: noSegment, run: () => stepOpacity(-0.1) },
  { id: 'segment.stronger', title: 'Mask stronger', group: 'Segments', refusal: noSegment, run: () => stepOpacity(0.1) },
  ...effectNames.flatMap(({ effects }) => effects).map(({ effect, name }) => wholeEffect(effect, name)),
  wholeEffect('islands', 'Clean islands and holes'),
  { id: 'review.next', title: 'Next doubtful place', group: 'Review', refusal: stepToRefusal, run: () => void stepPlace(1) },
  { id: 'review.previous', title: 'Previous doubtful place', group: 'Review', refusal: stepToRefusal, run: () => void stepPlace(-1) },
  {
    id: 'review.confirm',
    title: 'Doubtful place reviewed',
    group: 'Review',
    refusal: () => noSegment() ?? readOnly() ?? (reviewNow()?.at ? null : 'No doubtful place is looked at. Go to one first.'),
    run: () => void confirmPlace(),
  },
  {
    id: 'review.authors',
    title: 'Who drew it, on or off',
    group: 'Review',
    refusal: () => noVolume() ?? noSegment(),
    run: () => {
      const segment = reviewNow()?.segment;
      if (segment) toggleAuthors(segment);
    },
  },
  { id: 'preview.toggle', title: 'Threshold preview on or off', group: 'Segments', refusal: noHu, run: () => togglePreview(false) },
  { id: 'preview.invert', title: 'Threshold preview inverted', group: 'Segments', refusal: noHu, run: () => togglePreview(true) },
  {
    id: 'lamina.palette',
    title: 'Search or run a command',
    group: 'Lamina',
    refusal: free,
    run: () => useWorkspace.getState().set({ palette: 'commands' }),
  },
  {
    id: 'lamina.models',
    title: 'Models: networks and their deployment',
    group: 'Lamina',
    refusal: free,
    run: () => useWorkspace.getState().set({ models: true }),
  },
  { id: 'lamina.help', title: 'Help', group: 'Lamina', refusal: free, run: () => openHelp() },
  { id: 'lamina.keys', title: 'Keys', group: 'Lamina', refusal: free, run: () => useWorkspace.getState().set({ keySheet: true }) },
];

const byId = new Map(commands.map((c) => [c.id, c]));

/** Runs a command, or says why it cannot run now. Throws RangeError for a name that is not in the list. */
export function runCommand(id: string): void {
  const command = byId.get(id);
  if (!command) throw new RangeError(`no command ${id}`);
  const refusal = command.refusal();
  if (refusal) useNotices.getState().tell({ kind: 'notice', title: `${command.title}: not now`, text: refusal });
  else command.run();
}
