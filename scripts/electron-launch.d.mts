import type { ElectronApplication } from '@playwright/test';

export function launchElectron(
  binary: string,
  options: { folder: string; packaged?: boolean; switches?: string[]; variables?: Record<string, string> },
): Promise<ElectronApplication>;
