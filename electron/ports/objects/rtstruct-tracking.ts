/** A structure set has no tracking UID: what ROIObservationDescription says in its place, so that a file that comes back finds its segment. */
export const trackingWords = (trackingUid: string): string => `Tracking ${trackingUid}`;

/** The tracking UID that an ROIObservationDescription says; null: it says none. */
export const trackingSaid = (description: string): string | null => /^Tracking ([0-9.]{1,64})$/.exec(description.trim())?.[1] ?? null;
