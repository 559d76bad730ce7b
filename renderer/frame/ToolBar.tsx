import {
  Brush,
  CircleDashed,
  Crosshair,
  Eraser,
  Lasso,
  MousePointer2,
  PaintBucket,
  RotateCcw,
  Scissors,
  Spline,
  SquareMousePointer,
} from 'lucide-react';
import { runCommand } from '../commands.ts';
import { Choice } from '../design/Choice.tsx';
import { NumberField } from '../design/NumberField.tsx';
import { ToolButton } from '../design/ToolButton.tsx';
import { useSteady } from '../design/use-steady.ts';
import { brushRangeMm, takeTool } from '../stores/tools.ts';
import { type Plane, useViewer, windowPresets } from '../stores/viewer.ts';
import type { Step } from '../stores/workspace.ts';
import { testids } from '../testids.ts';

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
  { tool: 'scissors', name: 'Scissors', icon: Scissors, key: '4' },
  { tool: 'flood-fill', name: 'Flood fill', icon: PaintBucket, key: '5' },
  { tool: 'level-trace', name: 'Level tracing', icon: CircleDashed, key: '6' },
  { tool: 'livewire', name: 'Livewire', icon: Spline, key: '7' },
  { tool: 'contour', name: 'Contour, filled', icon: Lasso, key: '8' },
] as const;

/** The tools over the planes: each with its digit, the window presets, the layout. A tool that is off says why. */
export function ToolBar({ step }: { step: Step }) {
  const tool = useViewer((s) => s.tool);
  const refusal = useSteady(useViewer((s) => s.editRefusal));
  const crosshair = useViewer((s) => s.crosshairShown);
  const window = useViewer((s) => s.window);
  const maximised = useViewer((s) => s.maximised);
  const segments = useViewer((s) => s.layers.length);
  const noHu = useViewer((s) => s.volume !== null && s.volume.units !== 'HU');
  const set = useViewer((s) => s.set);
  const preset = windowPresets.find((p) => p.center === window.center && p.width === window.width)?.name ?? '';
  const on = (name: typeof tool) => (tool === name ? ('on' as const) : null);
  return (
    <div className="tools" role="toolbar" aria-label="Tools">
      <ToolButton
        name="Navigate"
        icon={MousePointer2}
        digit="V"
        keys="V"
        state={on('navigate')}
        testid={testids.tool('navigate')}
        onClick={() => takeTool('navigate')}
      />
      <ToolButton
        name="Brush"
        icon={Brush}
        digit="1"
        keys="1"
        state={on('brush')}
        refusal={refusal}
        testid={testids.tool('brush')}
        onClick={() => takeTool('brush')}
      />
      <ToolButton
        name="Eraser"
        icon={Eraser}
        digit="2"
        keys="2"
        state={on('eraser')}
        refusal={refusal}
        testid={testids.tool('eraser')}
        onClick={() => takeTool('eraser')}
      />
      <ToolButton
        name="Pick an island"
        icon={SquareMousePointer}
        digit="3"
        keys="3"
        state={on('pick')}
        refusal={segments === 0 ? 'No segment yet. Make one in Segment.' : null}
        testid={testids.tool('pick')}
        onClick={() => takeTool('pick')}
      />
      {drawing.map(({ tool: one, name, icon, key }) => (
        <ToolButton
          key={one}
          name={name}
          icon={icon}
          digit={key}
          keys={key}
          state={on(one)}
          refusal={refusal}
          testid={testids.tool(one)}
          onClick={() => takeTool(one)}
        />
      ))}
      <span className="sep" />
      <ToolButton
        name="Crosshair"
        keys="X"
        icon={Crosshair}
        state={crosshair ? 'tog' : null}
        testid={testids.tool('crosshair')}
        onClick={() => set({ crosshairShown: !crosshair })}
      />
      <ToolButton name="Reset the views" keys="R" icon={RotateCcw} onClick={() => runCommand('view.reset')} />
      <span className="sep" />
      <Choice
        label={noHu ? 'Window presets are off: they are in HU, the values of this series are not' : 'Window preset'}
        value={noHu ? '' : preset}
        disabled={noHu}
        testid={testids.windowPreset}
        options={windowPresets.map((p) => ({
          value: p.name as string,
          label: p.name,
          tip: noHu ? 'Off: presets are in HU, the values of this series are not' : `W ${p.width} L ${p.center}`,
        }))}
        onChange={(name) => {
          const p = windowPresets.find((w) => w.name === name);
          if (p) set({ window: { center: p.center, width: p.width } });
        }}
      />
      {step === 'correct' && (tool === 'brush' || tool === 'eraser') && (
        <span className="row xl" style={{ gap: 2 }}>
          <BrushSettings />
        </span>
      )}
      <span className="grow" />
      <Choice
        label="Views"
        value={maximised ?? 'all'}
        testid={testids.layout}
        options={[
          { value: 'all', label: 'Four' },
          { value: 'axial', label: 'Ax', tip: 'Axial alone' },
          { value: 'coronal', label: 'Cor', tip: 'Coronal alone' },
          { value: 'sagittal', label: 'Sag', tip: 'Sagittal alone' },
          { value: '3d', label: '3D', tip: '3D alone' },
        ]}
        onChange={(v) => set({ maximised: v === 'all' ? null : (v as Plane | '3d') })}
      />
    </div>
  );
}
