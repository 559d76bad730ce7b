/** Words of a tip with the key that does the same: 'Next doubtful place (N)'. */
export const withKey = (words: string, key: string | null): string => (key === null ? words : `${words} (${key})`);
