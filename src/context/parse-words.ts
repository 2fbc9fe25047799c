/** The four words of an address this project printed (addressText); cold. */
export function parseWords(address: string, words: Int32Array): Int32Array {
  if (!address.includes(':')) {
    const parts = address.split('.');
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    words[3] = (Number(parts[0]) << 24) | (Number(parts[1]) << 16) | (Number(parts[2]) << 8) | Number(parts[3]);
    return words;
  }
  const [head, rest] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const groups =
    rest === undefined ? left : [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right];
  for (let i = 0; i < 4; i++)
    words[i] = (Number.parseInt(groups[2 * i], 16) << 16) | Number.parseInt(groups[2 * i + 1], 16);
  return words;
}
