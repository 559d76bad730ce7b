import { describe, expect, test } from 'vitest';
import { readElements } from './elements.ts';
import { type ElementSpec, element, joined } from './fixtures.ts';
import { text } from './text.ts';

const esc = '\x1b';
/** Bytes of a name under a character set, as the standard's own examples write them (PS3.5 annexes H, I, J, K). */
function name(set: string, bytes: string): string {
  const specs: ElementSpec[] = [
    [0x00080005, 'CS', set],
    [0x00100010, 'PN', Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))],
  ];
  const stream = joined(specs.map(element));
  const { dataSet } = readElements(
    stream,
    0,
    { explicit: true, littleEndian: true },
    { total: stream.length, maximumElements: 100, maximumDepth: 4 },
  );
  return text(dataSet, 0x00100010);
}

describe('text', () => {
  const cases: [string, string, string, string][] = [
    ['Latin-1', 'ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
    ['UTF-8', 'ISO_IR 192', 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1', 'Wang^XiaoDong=王^小東'],
    ['GB18030', 'GB18030', 'Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab', 'Wang^XiaoDong=王^小东'],
    ['Cyrillic', 'ISO_IR 144', '\xbb\xee\xda\xceG', 'ЛюкЮG'],
    ['Greek', 'ISO_IR 126', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
    [
      'Japanese by escapes',
      '\\ISO 2022 IR 87',
      `Yamada^Tarou=${esc}$B;3ED${esc}(B^${esc}$BB@O:${esc}(B=${esc}$B$d$^$@${esc}(B^${esc}$B$?$m$&${esc}(B`,
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'half-width katakana and kanji',
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      `\xd4\xcf\xc0\xde^\xc0\xdb\xb3=${esc}$B;3ED${esc}(J^${esc}$BB@O:${esc}(J`,
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
    ['Korean by escapes', '\\ISO 2022 IR 149', `Hong^Gildong=${esc}$)C\xfb\xf3^${esc}$)C\xd1\xce\xd4\xd7`, 'Hong^Gildong=洪^吉洞'],
    ['Chinese by escapes', '\\ISO 2022 IR 58', `Zhang^XiaoDong=${esc}$)A\xd5\xc5^${esc}$)A\xd0\xa1\xb6\xab`, 'Zhang^XiaoDong=张^小东'],
    ['an unknown set, and a name of our own objects', 'constructor', 'Name', 'Name'],
    ['markup is text', 'ISO_IR 100', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ];
  for (const [what, set, bytes, expected] of cases) {
    test(`[7.2-dicom] ${what}`, () => expect(name(set, bytes)).toBe(expected));
  }
});
