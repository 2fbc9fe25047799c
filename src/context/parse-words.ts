const DOT = 0x2e;
const ZERO = 0x30;

/** The four words of an address this project printed (addressText); cold. */
export function parseWords(address: string, words: Int32Array): Int32Array {
  if (!address.includes(':')) {
    let word = 0;
    let part = 0;
    for (let i = 0; i < address.length; i++) {
      const code = address.charCodeAt(i);
      if (code === DOT) {
        word = (word << 8) | part;
        part = 0;
      } else part = part * 10 + code - ZERO;
    }
    words[0] = 0;
    words[1] = 0;
    words[2] = 0xffff;
    words[3] = (word << 8) | part;
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
