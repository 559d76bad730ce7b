const mostNamed = 3;

/** What is said of several, each thing once: of one by its name, of more by their number and the first of their names. In the order of `said`. */
export function joinedWords(said: readonly { name: string; words: string }[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, words } of said) names.set(words, [...(names.get(words) ?? []), name]);
  return [...names].map(([words, of]) => {
    if (of.length === 1) return `${of[0]}: ${words}`;
    const named = of.slice(0, mostNamed).join(', ');
    return `${of.length} segments (${named}${of.length > mostNamed ? ` and ${of.length - mostNamed} more` : ''}): ${words}`;
  });
}
