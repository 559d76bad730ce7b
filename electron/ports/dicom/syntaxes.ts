export type CodecName = 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export interface TransferSyntax {
  explicit: boolean;
  littleEndian: boolean;
  deflated?: true;
  /** Absent where pixels lie uncompressed. */
  codec?: CodecName;
  /** Baseline and extended JPEG always lose; the others may hold a lossless image. */
  lossy?: 'always' | 'perhaps';
}

const packed = (codec: CodecName, lossy?: TransferSyntax['lossy']): TransferSyntax => ({
  explicit: true,
  littleEndian: true,
  codec,
  ...(lossy ? { lossy } : {}),
});

/** PS3.5 10: the transfer syntaxes whose pixels can be read. */
const table: Record<string, TransferSyntax> = {
  '1.2.840.10008.1.2': { explicit: false, littleEndian: true },
  '1.2.840.10008.1.2.1': { explicit: true, littleEndian: true },
  '1.2.840.10008.1.2.1.99': { explicit: true, littleEndian: true, deflated: true },
  '1.2.840.10008.1.2.2': { explicit: true, littleEndian: false },
  '1.2.840.10008.1.2.5': packed('rle'),
  '1.2.840.10008.1.2.4.50': packed('jpeg', 'always'),
  '1.2.840.10008.1.2.4.51': packed('jpeg', 'always'),
  '1.2.840.10008.1.2.4.53': packed('jpeg', 'always'),
  '1.2.840.10008.1.2.4.55': packed('jpeg', 'always'),
  '1.2.840.10008.1.2.4.57': packed('jpeg'),
  '1.2.840.10008.1.2.4.70': packed('jpeg'),
  '1.2.840.10008.1.2.4.80': packed('jpeg-ls'),
  '1.2.840.10008.1.2.4.81': packed('jpeg-ls', 'perhaps'),
  '1.2.840.10008.1.2.4.90': packed('jpeg-2000'),
  '1.2.840.10008.1.2.4.91': packed('jpeg-2000', 'perhaps'),
  '1.2.840.10008.1.2.4.201': packed('htj2k'),
  '1.2.840.10008.1.2.4.202': packed('htj2k'),
  '1.2.840.10008.1.2.4.203': packed('htj2k', 'perhaps'),
};

/** A Map, since the key comes from a file. */
export const syntaxes: ReadonlyMap<string, TransferSyntax> = new Map(Object.entries(table));
