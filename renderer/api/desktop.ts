/** What the desktop shell's preload offers. In a plain browser it is absent and the page uses its own dialogs over GET /api/folders. */
export interface LaminaDesktop {
  openFolder(): Promise<string | null>;
  openFiles(): Promise<string[] | null>;
  saveFile(options: { suggestedName: string }): Promise<string | null>;
  pathForFile(file: File): string;
}

declare global {
  interface Window {
    laminaDesktop?: LaminaDesktop;
  }
}

export const desktop = (): LaminaDesktop | null => window.laminaDesktop ?? null;
