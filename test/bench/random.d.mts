/** Random numbers that are the same everywhere; the function draws from 0 up to below its argument. */
export function randomNumbers(seed: number): (below: number) => number;
