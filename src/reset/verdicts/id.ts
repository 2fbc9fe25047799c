/** The id of a verdict: the frame of its RST, `1234`, or where several files were read `2:1234`, the file's number before it. */

export function idOf(file: number | null, frame: number): string {
  return file === null ? String(frame) : `${file}:${frame}`;
}

/** What an id is made of; `file` is null where it names none. */
export function partsOf(id: string): { readonly file: number | null; readonly frame: number } {
  const colon = id.indexOf(':');
  return { file: colon < 0 ? null : Number(id.slice(0, colon)), frame: Number(id.slice(colon + 1)) };
}
