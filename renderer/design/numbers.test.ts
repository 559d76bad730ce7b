import { describe, expect, it } from 'vitest';
import { count, day, dicomDate, fixed, hu, ml, share, significant, spacing } from './numbers.ts';

describe('numbers on screen', () => {
  it('say no share of nothing where there is something, and not all where a part is missing', () => {
    expect([share(494, 770_096), share(769_602, 769_900), share(769_602, 769_602), share(0, 5), share(0, 0), share(1, 8)]).toEqual([
      '0.1 %',
      '> 99.9 %',
      '100.0 %',
      '0.0 %',
      '0.0 %',
      '12.5 %',
    ]);
    expect(share(3, 770_096)).toBe('< 0.1 %');
  });
  it('carry a true minus and no negative zero', () => {
    expect(hu(-523.4)).toBe('−523');
    expect(fixed(-0, 1)).toBe('0.0');
  });
  it('show at most three significant figures', () => {
    expect(ml(22_812)).toBe('22.8');
    expect(ml(224_100)).toBe('224');
    expect(ml(81)).toBe('0.08');
    expect(significant(0.0213)).toBe('0.021');
  });
  it('group thousands and keep spacings as measured', () => {
    expect(count(412306)).toBe('412\u202f306');
    expect(spacing(1.5)).toBe('1.5');
    expect(spacing(0.48828125)).toBe('0.4883');
    expect(spacing(1)).toBe('1');
  });
  it('tell dates by distance', () => {
    const now = new Date(2026, 10, 22, 12);
    expect(day(new Date(2026, 10, 22, 9, 40).toISOString(), now)).toBe('today 09:40');
    expect(day(new Date(2026, 10, 21, 9, 40).toISOString(), now)).toBe('yesterday');
    expect(day(new Date(2026, 10, 18, 9, 40).toISOString(), now)).toBe('18 Nov');
    expect(dicomDate('20240523')).toBe('23 May 2024');
    expect(dicomDate('')).toBe('');
  });
});
