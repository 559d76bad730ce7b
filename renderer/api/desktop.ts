/** What the desktop shell's preload offers. In a plain browser it is absent and the page uses its own dialogs over GET /api/folders. */
export interface LaminaDesktop {
  openFolder(options?: { title?: string }): Promise<string | null>;
  openFiles(options?: { title?: string; filters?: { name: string; extensions: string[] }[] }): Promise<string[]>;
  saveFile(options: { title?: string; suggestedName: string; filters?: { name: string; extensions: string[] }[] }): Promise<string | null>;
  pathForFile(file: File): string;
  onOpenRequested(listener: (paths: string[]) => void): void;
}

declare global {
  interface Window {
    laminaDesktop?: LaminaDesktop;
  }
}

export const desktop = (): LaminaDesktop | null => window.laminaDesktop ?? null;
