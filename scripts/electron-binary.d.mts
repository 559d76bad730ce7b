export function findElectronBinary(
  projectFolder?: string,
  machine?: { environment?: Record<string, string | undefined>; platform?: NodeJS.Platform },
): { path: string; missing: null } | { path: null; missing: string };
