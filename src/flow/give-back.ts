/**
 * Gives back the memory of an array that is not used again. Without this it stays until all of the heap is collected: of rows
 * and tails some 45 MB, while verdicts are made. Handed over to a copy that nobody keeps it goes with the next young objects.
 * Where there is no structuredClone (it is no part of the language) it is left to the collector.
 */
export function giveBack({ buffer }: Int32Array): void {
  if (typeof structuredClone === 'function') structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}
