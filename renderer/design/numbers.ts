/** Numbers as people read them: the locale's decimals, a true minus, at most three significant figures for measures. */
const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;
const minus = (text: string) => text.replace(/^-/, '\u2212');

const formats = new Map<number, Intl.NumberFormat>();
/** Fixed number of decimals. */
export function fixed(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false });
    formats.set(decimals, format);
  }
  return minus(format.format(Object.is(value, -0) ? 0 : value));
}

const grouped = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
/** Whole numbers with narrow spaces between thousands: 2 248. */
export const count = (value: number): string => minus(grouped.format(value).replace(/[,.'\s\u00a0\u202f]/g, '\u202f'));

/** HU are whole numbers. */
export const hu = (value: number): string => fixed(Math.round(value), 0);

/** Three significant figures, at most `decimals` decimals. */
export function significant(value: number, decimals = 3): string {
  const size = Math.abs(value);
  if (size === 0) return fixed(0, Math.min(1, decimals));
  const wanted = 2 - Math.floor(Math.log10(size));
  return fixed(value, Math.max(0, Math.min(decimals, wanted)));
}

/** Part of a whole in percent, a decimal: never nothing of something, nor all where a part is missing. */
export function share(part: number, whole: number): string {
  const percent = whole > 0 ? (100 * part) / whole : 0;
  if (part > 0 && percent < 0.05) return `< ${fixed(0.1, 1)} %`;
  if (part < whole && percent >= 99.95) return `> ${fixed(99.9, 1)} %`;
  return `${fixed(percent, 1)} %`;
}

/** Volumes in ml from mm3. */
export const ml = (mm3: number): string => significant(mm3 / 1000, mm3 < 10 ? 3 : mm3 < 1000 ? 2 : 1);

/** Spacings keep what was measured, without trailing zeros: 0.488, 1.5. */
export const spacing = (mm: number): string => fixed(mm, [0, 1, 2, 3, 4].find((d) => Math.abs(Number(mm.toFixed(d)) - mm) < 5e-5) ?? 4);

/** Time of day of an ISO time, local. */
export const clock = (iso: string, seconds = true): string =>
  new Date(iso).toLocaleTimeString('en-GB', seconds ? {} : { hour: '2-digit', minute: '2-digit' });

/** 'today 14:02', 'yesterday', '19 Nov', '19 Nov 2025'. */
export function day(iso: string, now = new Date()): string {
  const then = new Date(iso);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  if (then.getTime() >= midnight) return `today ${clock(iso, false)}`;
  if (then.getTime() >= midnight - 86_400_000) return 'yesterday';
  const short = then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return then.getFullYear() === now.getFullYear() ? short : `${short} ${then.getFullYear()}`;
}

// Making a formatter costs a hundred times what using one does, and a list of series has hundreds of dates.
const shortDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
/** A DICOM date (YYYYMMDD) as '23 May 2024'; anything else as it stands. */
export function dicomDate(text: string): string {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return parts ? shortDate.format(new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]))) : text;
}
