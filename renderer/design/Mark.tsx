/** The mark: three laminae, the outer one seen, the inner ones thinner than a slice. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" strokeLinecap="round" aria-hidden="true">
      <path d="M4 16.5C4 9 7.5 4.5 16 3.5" stroke="#a79dff" strokeWidth="2.6" />
      <path d="M8.6 16.8c0-4.6 2.3-7.3 7.6-8.2" stroke="#e9e0d0" strokeWidth="1.7" />
      <path d="M12.7 17c0-2.2 1.2-3.5 3.6-4" stroke="#e9e0d0" strokeWidth=".9" />
    </svg>
  );
}
