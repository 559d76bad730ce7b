import { useEffect } from 'react';
import { begin } from './frame/begin.ts';
import { CommandPalette } from './frame/CommandPalette.tsx';
import { DropTarget } from './frame/DropTarget.tsx';
import { FolderDialog } from './frame/FolderDialog.tsx';
import { Head } from './frame/Head.tsx';
import { HelpDialog } from './frame/HelpDialog.tsx';
import { KeySheet } from './frame/KeySheet.tsx';
import { ServiceLostBanner, Toasts } from './frame/Notices.tsx';
import { Rail } from './frame/Rail.tsx';
import { StatusBar } from './frame/StatusBar.tsx';
import { bindKeys } from './keys.ts';
import { StartScreen } from './start/StartScreen.tsx';
import { CaseScreen } from './steps/CaseScreen.tsx';
import { ModelsDialog } from './steps/deployment/ModelsDialog.tsx';
import { useWorkspace } from './stores/workspace.ts';
import { testids } from './testids.ts';

/** The window: head, rail, the screen of the step, status; dialogs and notes above it. */
export function App() {
  const step = useWorkspace((s) => s.step);
  useEffect(() => {
    const stops = [bindKeys(), begin()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <div className={step ? 'app' : 'app plain'} data-testid={testids.app} data-step={step ?? 'start'}>
      <Head />
      {step ? (
        <>
          <Rail />
          <CaseScreen step={step} />
        </>
      ) : (
        <StartScreen />
      )}
      <StatusBar />
      <Toasts />
      <ServiceLostBanner />
      <FolderDialog />
      <CommandPalette />
      <KeySheet />
      <HelpDialog />
      <ModelsDialog />
      <DropTarget />
    </div>
  );
}
