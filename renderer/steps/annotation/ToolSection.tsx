import type { ReactNode } from 'react';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { Section } from '../../design/Section.tsx';
import { Switch } from '../../design/Switch.tsx';
import { useHistogram } from '../../stores/histogram.ts';
import { useSettings } from '../../stores/settings.ts';
import { type Connectivity, type ToolOptions, useToolOptions } from '../../stores/tool-options.ts';
import { type Tool, useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="opt">
      <span className="lb">{name}</span>
      {children}
    </div>
  );
}

/** Whether what goes beyond one slice is looked at first. */
function Look() {
  const { look, set } = useToolOptions();
  return (
    <Row name="Preview">
      <span className="grow cap">{look ? 'looked at, then Enter' : 'off: applied at once'}</span>
      <Switch label="Preview before it is applied" on={look} testid={testids.toolOption('look')} onChange={(on) => set({ look: on })} />
    </Row>
  );
}

/** Drawing keeps to the brush's gate: it is told here too, and can be set. */
function Gate() {
  const brush = useViewer((s) => s.brush);
  const units = useViewer((s) => s.volume?.units ?? 'HU');
  const set = useViewer((s) => s.set);
  const histogram = useHistogram((s) => s.histogram);
  const lowHu = useSettings((s) => s.lastLowHu);
  const gate = brush.gateHu;
  const change = (gateHu: [number, number] | null) => set({ brush: { ...brush, gateHu } });
  const [lowest, highest] = [histogram?.minimum ?? -1024, histogram?.maximum ?? 3071];
  const bound = (name: string, value: number, onChange: (v: number) => void) => (
    <NumberField
      label={name}
      unit={units || 'value'}
      min={lowest}
      max={highest}
      value={value}
      onChange={(v) => v !== null && onChange(v)}
    />
  );
  return (
    <>
      <Row name="Gate">
        <span className="grow cap">{gate ? 'only values in this range change' : 'off: every value changes'}</span>
        <Switch
          label="Change only values in a range"
          on={gate !== null}
          testid={testids.toolOption('gate')}
          onChange={(on) => change(on ? [units === 'HU' ? lowHu : (lowest + highest) / 2, highest] : null)}
        />
      </Row>
      {gate && (
        <Row name="">
          {bound('Gate from', gate[0], (v) => change([v, gate[1]]))}
          <span className="cap">to</span>
          {bound('Gate to', gate[1], (v) => change([gate[0], v]))}
        </Row>
      )}
    </>
  );
}

function Operation() {
  const { operation, set } = useToolOptions();
  return (
    <Row name="Does">
      <Choice
        grow
        label="What it does"
        testid={testids.toolOption('operation')}
        value={operation}
        options={[
          { value: 'add', label: 'Add', tip: 'Ctrl held erases' },
          { value: 'erase', label: 'Erase', tip: 'Ctrl held adds' },
        ]}
        onChange={(next) => set({ operation: next })}
      />
    </Row>
  );
}

function Neighbours({ value, onChange }: { value: Connectivity; onChange: (value: Connectivity) => void }) {
  return (
    <Row name="Neighbours">
      <Choice
        grow
        label="Voxels hang together through"
        testid={testids.toolOption('connectivity')}
        value={value}
        options={[
          { value: 6, label: '6', tip: 'faces' },
          { value: 18, label: '18', tip: 'faces and edges' },
          { value: 26, label: '26', tip: 'faces, edges and corners' },
        ]}
        onChange={onChange}
      />
    </Row>
  );
}

function Shape<T extends string>({
  value,
  options,
  onChange,
}: {
  value: T;
  options: { value: T; label: string; tip: string }[];
  onChange: (v: T) => void;
}) {
  return (
    <div className="opt">
      <Choice grow label="Shape of the line" testid={testids.toolOption('shape')} value={value} options={options} onChange={onChange} />
    </div>
  );
}

const freehand = { value: 'freehand', label: 'Free', tip: 'A line drawn by hand; it closes where you let go' } as const;
const polygon = { value: 'polygon', label: 'Polygon', tip: 'A corner a click; Enter, double-click or the first corner closes' } as const;
const rectangle = { value: 'rectangle', label: 'Rect', tip: 'A rectangle, from corner to corner' } as const;

function ScissorsRows() {
  const { scissors, set } = useToolOptions();
  const change = (next: Partial<ToolOptions['scissors']>) => set({ scissors: { ...scissors, ...next } });
  return (
    <>
      <Shape
        value={scissors.shape}
        options={[freehand, polygon, rectangle, { value: 'circle', label: 'Circle', tip: 'A circle, from its middle' }]}
        onChange={(shape) => change({ shape })}
      />
      <Row name="Does">
        <Choice
          grow
          label="What it does"
          testid={testids.toolOption('operation')}
          value={scissors.operation}
          options={[
            { value: 'erase', label: 'Erase', tip: 'Ctrl held fills' },
            { value: 'fill', label: 'Fill', tip: 'Ctrl held erases' },
          ]}
          onChange={(operation) => change({ operation })}
        />
      </Row>
      <Row name="Where">
        <Choice
          grow
          label="Side of the line"
          testid={testids.toolOption('region')}
          value={scissors.region}
          options={[
            { value: 'inside', label: 'Inside' },
            { value: 'outside', label: 'Outside' },
          ]}
          onChange={(region) => change({ region })}
        />
      </Row>
      <Row name="Depth">
        <Choice
          grow
          label="How deep it cuts"
          testid={testids.toolOption('depth')}
          value={scissors.depth}
          options={[
            { value: 'slice', label: 'Slice', tip: 'The slice that the line lies on' },
            { value: 'through', label: 'Through', tip: 'Every slice of the view' },
          ]}
          onChange={(depth) => change({ depth })}
        />
      </Row>
      <Look />
      <p className="cap pad tool-words">In the 3D view all that is seen through the line is cut. Alt drag turns it.</p>
    </>
  );
}

function FloodRows() {
  const { fill, set } = useToolOptions();
  const units = useViewer((s) => s.volume?.units ?? 'HU');
  const change = (next: Partial<ToolOptions['fill']>) => set({ fill: { ...fill, ...next } });
  const unit = units || 'value';
  return (
    <>
      <Row name="Extent">
        <Choice
          grow
          label="Where it fills"
          testid={testids.toolOption('extent')}
          value={fill.extent}
          options={[
            { value: 'slice', label: 'Slice', tip: 'The slice that was clicked' },
            { value: 'volume', label: 'Volume', tip: 'In all directions' },
          ]}
          onChange={(extent) => change({ extent })}
        />
      </Row>
      <Operation />
      <Row name="By">
        <Choice
          grow
          label="Which values are filled"
          testid={testids.toolOption('by')}
          value={fill.by}
          options={[
            { value: 'tolerance', label: 'Tolerance', tip: 'As near as that to the value clicked' },
            { value: 'range', label: 'Range', tip: 'Between two values' },
          ]}
          onChange={(by) => change({ by })}
        />
      </Row>
      {fill.by === 'tolerance' ? (
        <Row name="">
          <span className="grow cap">either side of the clicked value</span>
          <NumberField
            label="Tolerance"
            unit={unit}
            min={0}
            max={100_000}
            value={fill.toleranceHu}
            testid={testids.toolOption('tolerance')}
            onChange={(v) => v !== null && change({ toleranceHu: v })}
          />
        </Row>
      ) : (
        <Row name="">
          <NumberField
            label="From"
            unit={unit}
            min={-100_000}
            max={100_000}
            value={fill.lowHu}
            testid={testids.toolOption('low')}
            onChange={(v) => v !== null && change({ lowHu: v })}
          />
          <span className="cap">to</span>
          <NumberField
            label="To"
            unit={unit}
            min={-100_000}
            max={100_000}
            empty="top"
            value={fill.highHu}
            testid={testids.toolOption('high')}
            onChange={(v) => change({ highHu: v })}
          />
        </Row>
      )}
      <Neighbours value={fill.connectivity} onChange={(connectivity) => change({ connectivity })} />
      <Row name="Reach">
        <span className="grow cap">from the click, no further</span>
        <NumberField
          label="Reach"
          unit="mm"
          min={0.1}
          max={2000}
          empty="any"
          value={fill.reachMm}
          testid={testids.toolOption('reach')}
          onChange={(v) => change({ reachMm: v })}
        />
      </Row>
      {fill.extent === 'volume' && <Look />}
    </>
  );
}

function ContourRows() {
  const { contour, set } = useToolOptions();
  return (
    <>
      <Shape
        value={contour.shape}
        options={[
          freehand,
          polygon,
          rectangle,
          { value: 'ellipse', label: 'Ellipse', tip: 'An ellipse, from corner to corner of its box' },
        ]}
        onChange={(shape) => set({ contour: { shape } })}
      />
      <Operation />
    </>
  );
}

function IslandRows() {
  const { island, set } = useToolOptions();
  const change = (next: Partial<ToolOptions['island']>) => set({ island: { ...island, ...next } });
  return (
    <>
      <Row name="Does">
        <Choice
          grow
          label="What becomes of the island clicked"
          testid={testids.toolOption('island')}
          value={island.operation}
          options={[
            { value: 'remove', label: 'Remove', tip: 'The island goes' },
            { value: 'keep', label: 'Keep', tip: 'Every other island goes' },
            { value: 'take-out', label: 'Take out', tip: 'It becomes a segment of its own' },
          ]}
          onChange={(operation) => change({ operation })}
        />
      </Row>
      <Neighbours value={island.connectivity} onChange={(connectivity) => change({ connectivity })} />
      <Look />
    </>
  );
}

const Words = ({ children }: { children: ReactNode }) => <p className="cap pad tool-words">{children}</p>;

const sections: Partial<Record<Tool, { title: string; rows: () => ReactNode }>> = {
  scissors: { title: 'Scissors', rows: () => <ScissorsRows /> },
  'flood-fill': { title: 'Flood fill', rows: () => <FloodRows /> },
  'level-trace': {
    title: 'Level tracing',
    rows: () => (
      <>
        <Operation />
        <Words>The line of equal value through the pointer; a click fills it on this slice.</Words>
      </>
    ),
  },
  livewire: {
    title: 'Livewire',
    rows: () => (
      <>
        <Operation />
        <Words>Click along an edge: the line follows it. Enter or double-click closes and fills it on this slice.</Words>
      </>
    ),
  },
  contour: { title: 'Contour', rows: () => <ContourRows /> },
  pick: { title: 'Island', rows: () => <IslandRows /> },
};

export const hasOptions = (tool: Tool): boolean => tool in sections;

/** The options of the drawing tool in hand. */
export function ToolSection() {
  const tool = useViewer((s) => s.tool);
  const section = sections[tool];
  if (!section) return null;
  return (
    <Section title={section.title} testid={testids.toolOptions}>
      {section.rows()}
      <Gate />
    </Section>
  );
}
