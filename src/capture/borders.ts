/**
 * A run that is read from several files counts its frames through all of them; people name a frame by the file it lies
 * in. `borders` are the frames before each file, in the order of reading: `[0, 812, 1620]`. They grow while a run is
 * read, and a run that is one file has none.
 */
export type FileBorders = readonly number[];

/** A frame by its file: the number of the file in the run and the frame in it, both from 1. */
export interface FramePlace {
  readonly file: number;
  readonly frame: number;
}

/** In time that grows with the logarithm of the number of files. */
export function placeOfFrame(borders: FileBorders | undefined, frame: number): FramePlace {
  if (borders === undefined) return { file: 1, frame };
  let low = 0;
  let high = borders.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    // A file without records has the border of the next, which is then the last of them that fits.
    if ((borders[middle] as number) < frame) low = middle;
    else high = middle - 1;
  }
  return { file: low + 1, frame: frame - (borders[low] ?? 0) };
}

/** `3:812`, frame 812 of the third file; `812` where the run is one file. */
export function frameName(borders: FileBorders | undefined, frame: number): string {
  if (borders === undefined) return String(frame);
  const place = placeOfFrame(borders, frame);
  return `${place.file}:${place.frame}`;
}
