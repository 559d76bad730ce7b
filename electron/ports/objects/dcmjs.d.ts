/** dcmjs ships no types; only its table of the attributes of PS3.6 is used. */
declare module 'dcmjs/dictionary' {
  export const dictionary: Record<string, { tag: string; vr: string; vm: string; name: string; version: string }>;
}
