const pictures = import.meta.glob<string>('./hero.webp', { eager: true, query: '?url', import: 'default' });

/**
 * The picture of the start screen: a render of the phantom where one was built (hero.webp beside this file), else the mark as thin
 * sheets on black, the outer seen, the inner ones thinner and thinner.
 */
export function Hero() {
  const picture = pictures['./hero.webp'];
  if (picture) return <img src={picture} alt="" />;
  const sheets = Array.from({ length: 15 }, (_, n) => n);
  return (
    <svg className="sheets" viewBox="0 0 640 640" fill="none" stroke="currentColor" strokeLinecap="round" aria-hidden="true">
      {sheets.map((n) => {
        const inset = n * 26;
        return (
          <path
            key={n}
            d={`M${90 + inset} 600C${90 + inset} ${330 + inset * 0.42} ${220 + inset * 0.6} ${130 + inset * 0.82} 600 ${92 + inset * 1.05}`}
            strokeWidth={Math.max(0.35, 7 * 0.74 ** n)}
            opacity={0.34 * 0.9 ** n}
            stroke={n === 0 ? '#a79dff' : undefined}
          />
        );
      })}
    </svg>
  );
}
