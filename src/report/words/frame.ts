/** Frames as a reader names them: by number, and in a run of several files by file and number. */

import { type FileBorders, frameName, placeOfFrame } from '../../capture/borders.js';
import { count } from './wording.js';

/** A reset, or the summary of its capture. */
export interface Bordered {
  readonly borders?: FileBorders;
}

/** The borders of what has some, for what is made of it. */
export function bordered({ borders }: Bordered): Bordered {
  return borders === undefined ? {} : { borders };
}

/** `812`, or `3:812`: in a sentence, and in a command. */
export function frameText({ borders }: Bordered, frame: number): string {
  return frameName(borders, frame);
}

/** `14,201`, or `3:14,201`: in a table, and in the head of a report. */
export function frameCount({ borders }: Bordered, frame: number): string {
  if (borders === undefined) return count(frame);
  const place = placeOfFrame(borders, frame);
  return `${place.file}:${count(place.frame)}`;
}
