import {
  Brush,
  CircleDashed,
  Crosshair,
  Eraser,
  Lasso,
  MousePointer2,
  PaintBucket,
  PencilRuler,
  RotateCcw,
  Scissors,
  Spline,
  SquareMousePointer,
} from 'lucide-react';
import { runCommand } from '../commands.ts';
import { Choice } from '../design/Choice.tsx';
import { NumberField } from '../design/NumberField.tsx';
import { useSteady } from '../design/use-steady.ts';
import { brushRangeMm, takeTool } from '../stores/tools.ts';
import { useViewer } from '../stores/viewer.ts';
import type { Step } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { DoubtTool } from './DoubtTool.tsx';
import { KeyedTool } from './KeyedTool.tsx';
import { ViewMenu } from './ViewMenu.tsx';
import { Layout, PresetList, Presets } from './view-choices.tsx';

function BrushSettings() {
  const brush = useViewer((s) => s.brush);
  const set = useViewer((s) => s.set);
  const change = (next: Partial<typeof brush>) => set({ brush: { ...brush, ...next } });
  return (
    <>
      <span className="sep" />
      <span className="lbl">Brush</span>
      <NumberField
        label="Brush size"
        unit="mm"
        value={brush.diameterMm}
        {...brushRangeMm}
        onChange={(v) => v !== null && change({ diameterMm: v })}
      />
      <span style={{ width: 8 }} />
      <Choice
        label="Brush shape"
        value={brush.shape}
        options={[
          { value: 'circle', label: 'Circle', tip: 'Only the slice under the pointer' },
          { value: 'sphere', label: 'Sphere', tip: 'All slices within the radius' },
        ]}
        onChange={(shape) => change({ shape })}
      />
    </>
  );
}

const drawing = [
  { tool: 'scissors', name: 'Scissors', icon: Scissors },
  { tool: 'flood-fill', name: 'Flood fill', icon: PaintBucket },
  { tool: 'level-trace', name: 'Level tracing', icon: CircleDashed },
  { tool: 'livewire', name: 'Livewire', icon: Spline },
  { tool: 'contour', name: 'Contour, filled', icon: Lasso },
] as const;

/** The tools over the planes: each with its digit, the window presets, the layout. A tool that is off says why. */
export function ToolBar({ step }: { step: Step }) {
  const tool = useViewer((s) => s.tool);
  const refusal = useSteady(useViewer((s) => s.editRefusal));
  const crosshair = useViewer((s) => s.crosshairShown);
  const segments = useViewer((s) => s.layers.length);
  const set = useViewer((s) => s.set);
  const on = (name: typeof tool) => (tool === name ? ('on' as const) : null);
  return (
    <div className="tools" role="toolbar" aria-label="Tools">
      <KeyedTool
        command="tool.navigate"
        corner
        name="Navigate"
        icon={MousePointer2}
        state={on('navigate')}
        testid={testids.tool('navigate')}
        onClick={() => takeTool('navigate')}
      />
      <KeyedTool
        command="tool.brush"
        corner
        name="Brush"
        icon={Brush}
        state={on('brush')}
        refusal={refusal}
        testid={testids.tool('brush')}
        onClick={() => takeTool('brush')}
      />
      <KeyedTool
        command="tool.eraser"
        corner
        name="Eraser"
        icon={Eraser}
        state={on('eraser')}
        refusal={refusal}
        testid={testids.tool('eraser')}
        onClick={() => takeTool('eraser')}
      />
      <KeyedTool
        command="tool.pick"
        corner
        name="Pick an island"
        icon={SquareMousePointer}
        state={on('pick')}
        refusal={segments === 0 ? 'No segment yet. Make one in Segment.' : null}
        testid={testids.tool('pick')}
        onClick={() => takeTool('pick')}
      />
      {drawing.map(({ tool: one, name, icon }) => (
        <KeyedTool
          key={one}
          command={`tool.${one}`}
          corner
          name={name}
          icon={icon}
          state={on(one)}
          refusal={refusal}
          testid={testids.tool(one)}
          onClick={() => takeTool(one)}
        />
      ))}
      <span className="sep" />
      <KeyedTool
        command="tool.markup"
        corner
        name="Annotate and measure"
        icon={PencilRuler}
        state={on('markup')}
        testid={testids.tool('markup')}
        onClick={() => runCommand('tool.markup')}
      />
      <span className="row in-bar" style={{ gap: 2 }}>
        <KeyedTool
          command="view.crosshair"
          name="Crosshair"
          icon={Crosshair}
          state={crosshair ? 'tog' : null}
          testid={testids.tool('crosshair')}
          onClick={() => set({ crosshairShown: !crosshair })}
        />
        <KeyedTool command="view.reset" name="Reset the views" icon={RotateCcw} onClick={() => runCommand('view.reset')} />
        {/* Correct has the most in its bar: there the presets are a list. */}
        {step === 'correct' ? <PresetList /> : <span className="sep" />}
        {step !== 'correct' && <Presets testid={testids.windowPreset} />}
      </span>
      {step === 'correct' && (tool === 'brush' || tool === 'eraser') && (
        <span className="row when-roomy" style={{ gap: 2 }}>
          <BrushSettings />
        </span>
      )}
      <span className="grow" />
      {step === 'correct' && <DoubtTool />}
      <span className="in-bar">
        <Layout testid={testids.layout} />
      </span>
      <ViewMenu />
    </div>
  );
}
