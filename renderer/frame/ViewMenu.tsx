import { Crosshair, Ellipsis, RotateCcw } from 'lucide-react';
import { useRef } from 'react';
import { runCommand } from '../commands.ts';
import { useKey } from '../keys.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';
import { icon } from './step-names.tsx';
import { Layout, Presets } from './view-choices.tsx';

/** What of the views has no room in a short tool bar: one button that opens it. Tab goes into it, Esc closes it. */
export function ViewMenu() {
  const crosshair = useViewer((s) => s.crosshairShown);
  const set = useViewer((s) => s.set);
  const menu = useRef<HTMLDetailsElement>(null);
  const opener = useRef<HTMLElement>(null);
  const close = () => menu.current?.removeAttribute('open');
  return (
    <details
      ref={menu}
      className="view-menu"
      data-testid={testids.viewMenu}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !menu.current?.open) return;
        // It closes this and does not drop the tool in hand as well.
        event.stopPropagation();
        close();
        opener.current?.focus();
      }}
    >
      <summary ref={opener} className="tb" aria-label="Views, window and crosshair" title="Views, window and crosshair">
        <Ellipsis {...icon} />
      </summary>
      <div>
        <Layout />
        <Presets />
        <button type="button" className="btn" aria-pressed={crosshair} onClick={() => set({ crosshairShown: !crosshair })}>
          <Crosshair {...icon} /> {crosshair ? 'Hide the crosshair' : 'Show the crosshair'} <kbd>{useKey('view.crosshair')}</kbd>
        </button>
        <button type="button" className="btn" onClick={() => runCommand('view.reset')}>
          <RotateCcw {...icon} /> Reset the views <kbd>{useKey('view.reset')}</kbd>
        </button>
      </div>
    </details>
  );
}
