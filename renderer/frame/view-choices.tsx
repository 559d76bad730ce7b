import { Choice } from '../design/Choice.tsx';
import { type Plane, useViewer, windowPresets } from '../stores/viewer.ts';

const offWords = 'Off: presets are in HU, the values of this series are not';

function useWindow() {
  const window = useViewer((s) => s.window);
  const noHu = useViewer((s) => s.volume !== null && s.volume.units !== 'HU');
  const set = useViewer((s) => s.set);
  const preset = windowPresets.find((p) => p.center === window.center && p.width === window.width)?.name ?? '';
  const choose = (name: string) => {
    const p = windowPresets.find((w) => w.name === name);
    if (p) set({ window: { center: p.center, width: p.width } });
  };
  return { noHu, preset: noHu ? '' : preset, choose };
}

/** Window presets side by side. */
export function Presets({ testid }: { testid?: string }) {
  const { noHu, preset, choose } = useWindow();
  return (
    <Choice
      label={noHu ? 'Window presets are off: they are in HU, the values of this series are not' : 'Window preset'}
      value={preset}
      disabled={noHu}
      {...(testid ? { testid } : {})}
      options={windowPresets.map((p) => ({
        value: p.name as string,
        label: p.name,
        tip: noHu ? offWords : `W ${p.width} L ${p.center}`,
      }))}
      onChange={choose}
    />
  );
}

/** The same in the room of one. */
export function PresetList() {
  const { noHu, preset, choose } = useWindow();
  return (
    <select
      className="pick presets"
      aria-label="Window preset"
      title={noHu ? offWords : 'Window preset'}
      value={preset}
      disabled={noHu}
      onChange={(event) => choose(event.target.value)}
    >
      {preset === '' && <option value="">Window</option>}
      {windowPresets.map((p) => (
        <option key={p.name}>{p.name}</option>
      ))}
    </select>
  );
}

/** Four views or one. */
export function Layout({ testid }: { testid?: string }) {
  const maximised = useViewer((s) => s.maximised);
  const set = useViewer((s) => s.set);
  return (
    <Choice
      label="Views"
      value={maximised ?? 'all'}
      {...(testid ? { testid } : {})}
      options={[
        { value: 'all', label: 'Four', short: '4', tip: 'Three planes and 3D' },
        { value: 'axial', label: 'Ax', short: 'A', tip: 'Axial alone' },
        { value: 'coronal', label: 'Cor', short: 'C', tip: 'Coronal alone' },
        { value: 'sagittal', label: 'Sag', short: 'S', tip: 'Sagittal alone' },
        { value: '3d', label: '3D', tip: '3D alone' },
      ]}
      onChange={(v) => set({ maximised: v === 'all' ? null : (v as Plane | '3d') })}
    />
  );
}
