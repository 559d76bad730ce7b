/**
 * One JSON line on stderr per event. Callers pass codes, counts and reasons; never a path, a title or an error's message: those can hold a
 * patient's name.
 */
export const log = (event: string, facts: Record<string, string | number | boolean | null> = {}): void => {
  process.stderr.write(`${JSON.stringify({ event, ...facts })}\n`);
};

/** What may be said about an error: its kind and code. */
export const kindOf = (error: unknown): { kind: string; code: string | null } => ({
  kind: error instanceof Error ? error.name : typeof error,
  code: error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null,
});
