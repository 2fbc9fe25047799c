/** Random numbers that are the same everywhere: xorshift32. Returns a function that draws from 0 up to below its argument. */
export function randomNumbers(seed) {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
