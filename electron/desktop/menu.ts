import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActs {
  platform: NodeJS.Platform;
  packaged: boolean;
  /** Set while hardware acceleration is off after crashes of the graphics driver. */
  retryGraphics: (() => void) | null;
}

/**
 * The menu bar. No undo and redo roles: Ctrl+Z belongs to the case's journal, and a role would take the key from the window. No zoom
 * roles: they would scale the views' millimetres on screen. No links: nothing here opens a browser.
 */
export const menuTemplate = ({ platform, packaged, retryGraphics }: MenuActs): MenuItemConstructorOptions[] => {
  const mac = platform === 'darwin';
  const view: MenuItemConstructorOptions[] = [{ role: 'togglefullscreen' }];
  if (retryGraphics) view.push({ label: 'Use the graphics card again (restarts)', click: retryGraphics });
  if (!packaged) view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' });
  return [
    mac ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
    { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    { label: 'View', submenu: view },
    ...(mac ? [{ role: 'windowMenu' } as const] : [{ label: 'Help', submenu: [{ role: 'about' } as const] }]),
  ];
};
