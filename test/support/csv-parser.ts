/** RFC 4180 §2 by its grammar and nothing more: throws where a spreadsheet would guess. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw new Error('a quoted cell does not end');
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else break;
      }
      at += 1;
    } else {
      while (at < text.length && !/[,\r\n]/.test(text[at] as string)) {
        if (text[at] === '"') throw new Error(`a quote within a bare cell: ${text.slice(at - 20, at + 20)}`);
        cell += text[at];
        at += 1;
      }
    }
    row.push(cell);
    if (text[at] === ',') at += 1;
    else if (text[at] === '\r' && text[at + 1] === '\n') {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`neither comma nor CRLF at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
  }
  if (row.length > 0) throw new Error('the last row has no CRLF');
  return rows;
}
