/** For `vi.waitFor`, whose own limit is a second: a wait for a fact only ends what has gone wrong, on however busy a machine. */
export const patience = { timeout: 60_000 };
