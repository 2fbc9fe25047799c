/** The same numbers at the start of an array of `length`, the rest 0. */
export function grown<T extends Int32Array | Float64Array>(numbers: T, length: number): T {
  const larger = new (numbers.constructor as new (length: number) => T)(length);
  larger.set(numbers);
  return larger;
}
