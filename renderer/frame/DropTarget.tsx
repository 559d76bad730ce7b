import { useEffect, useState } from 'react';
import { tellProblem, useNotices } from '../stores/notices.ts';
import { testids } from '../testids.ts';
import { askAndOpen, openDropped } from './ask-path.ts';

/** The whole window takes a dropped folder, image or case. */
export function DropTarget() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFiles = (e: DragEvent) => e.dataTransfer?.types.includes('Files') ?? false;
    const enter = (e: DragEvent) => {
      if (!hasFiles(e)) return;
      e.preventDefault();
      depth++;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (e: DragEvent) => hasFiles(e) && e.preventDefault();
    const drop = (e: DragEvent) => {
      if (!e.dataTransfer || !hasFiles(e)) return;
      e.preventDefault();
      depth = 0;
      setOver(false);
      openDropped(e.dataTransfer.files).then(
        (outcome) => {
          if (outcome === 'unknown-path')
            useNotices.getState().tell({
              kind: 'notice',
              title: 'A browser does not say where a dropped folder lies',
              text: 'Choose it once in the dialog instead; the desktop window takes drops.',
              action: { label: 'Open folder', run: () => void askAndOpen() },
            });
        },
        (cause) => tellProblem('Opening what was dropped', cause),
      );
    };
    const events = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const;
    for (const [name, listener] of Object.entries(events)) window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(events)) window.removeEventListener(name, listener as EventListener);
    };
  }, []);
  return over ? (
    <div className="dropping" data-testid={testids.dropZone}>
      Drop a DICOM folder, an image file or a .lamina case
    </div>
  ) : null;
}
