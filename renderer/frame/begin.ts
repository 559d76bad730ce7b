import { desktop } from '../api/desktop.ts';
import { ServiceLost } from '../api/problem.ts';
import { useAbout } from '../stores/about.ts';
import { reopen, saveStroke } from '../stores/acts.ts';
import { useCase } from '../stores/case.ts';
import { watchLooked } from '../stores/drawn-acts.ts';
import { tellProblem, useNotices } from '../stores/notices.ts';
import { scan } from '../stores/scan.ts';
import { useSettings } from '../stores/settings.ts';
import { watchEditRefusal, watchStep } from '../stores/tools.ts';
import { useViewer } from '../stores/viewer.ts';
import { isStep, useWorkspace } from '../stores/workspace.ts';
import { openPath } from './ask-path.ts';

/** The case and step live in the address, so that a reload comes back to them; a case id says nothing about the patient. */
function keepAddress(): () => void {
  const write = () => {
    const id = useCase.getState().state?.id;
    const { step } = useWorkspace.getState();
    const wanted = id && step ? `#/${encodeURIComponent(id)}/${step}` : '';
    if (location.hash !== wanted) history.replaceState(null, '', `${location.pathname}${location.search}${wanted}`);
  };
  const stops = [useCase.subscribe(write), useWorkspace.subscribe(write)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Brush size and shape are kept as the person left them. */
function keepBrush(): () => void {
  const { brushMm, brushShape } = useSettings.getState();
  useViewer.getState().set({ brush: { ...useViewer.getState().brush, diameterMm: brushMm, shape: brushShape } });
  return useViewer.subscribe((now, before) => {
    if (now.brush !== before.brush) useSettings.getState().set({ brushMm: now.brush.diameterMm, brushShape: now.brush.shape });
  });
}

/** Looks for a service that stopped answering, until it is back. */
function watchService(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    useAbout
      .getState()
      .load()
      .then(() => {
        useNotices.getState().setLost(false);
        useNotices.getState().tell({ kind: 'done', title: 'The service is back', text: 'What was saved before is there.' });
      })
      .catch((cause) => {
        if (cause instanceof ServiceLost) timer = setTimeout(look, 2000);
        else {
          useNotices.getState().setLost(false);
          tellProblem('Reconnecting', cause);
        }
      });
  };
  const stop = useNotices.subscribe((now, before) => {
    if (now.lost && !before.lost) timer = setTimeout(look, 1000);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

async function firstScreen(): Promise<void> {
  const [, id, step] = location.hash.split('/').map(decodeURIComponent);
  await useAbout.getState().load();
  if (id) {
    if (step && isStep(step)) useWorkspace.getState().set({ step });
    if (await reopen(id)) return;
    useWorkspace.getState().set({ step: null });
    history.replaceState(null, '', location.pathname);
    return;
  }
  const { about } = useAbout.getState();
  if (about?.initialFolder) await openPath(about.initialFolder);
}

/** Starts the page: what it watches and the screen it opens with. Returns the function that stops it. */
export function begin(): () => void {
  useViewer.getState().set({ onStroke: saveStroke });
  desktop()?.onOpenRequested((paths) => {
    const work = paths.length === 1 && paths[0] ? openPath(paths[0]) : scan(paths);
    work.catch((cause) => tellProblem('Opening', cause));
  });
  const stops = [keepBrush(), watchEditRefusal(), watchStep(), watchLooked(), watchService()];
  let stopAddress = () => {};
  firstScreen()
    .catch((cause) => tellProblem('Starting', cause))
    .finally(() => {
      stopAddress = keepAddress();
    });
  return () => {
    stopAddress();
    for (const stop of stops) stop();
  };
}
