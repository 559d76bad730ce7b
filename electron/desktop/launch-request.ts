import { resolve } from 'node:path';
import { z } from 'zod';

/** What a second start hands to the first one. Chromium reorders argv on its way there, `additionalData` arrives as it was. */
export const launchRequest = z.strictObject({ paths: z.array(z.string().min(1).max(32_767)).max(64) });

/** The paths of a command line: what is no switch, made absolute. Unpackaged, argv[1] is the application itself. */
export const launchPaths = (argv: readonly string[], packaged: boolean, cwd: string): string[] =>
  argv
    .slice(packaged ? 1 : 2)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(0, 64)
    .map((path) => resolve(cwd, path));
