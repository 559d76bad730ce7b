import { useEffect, useState } from 'react';

/**
 * A reason that is shown only once it has lasted: a tool that is off for the tenth of a second of an undo must not blink. It goes at once.
 */
export function useSteady(reason: string | null, afterMs = 250): string | null {
  const [steady, setSteady] = useState<string | null>(null);
  useEffect(() => {
    if (reason === null) {
      setSteady(null);
      return;
    }
    const timer = setTimeout(() => setSteady(reason), afterMs);
    return () => clearTimeout(timer);
  }, [reason, afterMs]);
  return reason === null ? null : steady;
}
