/** The part of the page's script that shows one reset: its story, and its ladder drawn as SVG when it is opened. */

export const LADDER_SCRIPT = `
const SVG = 'http://www.w3.org/2000/svg';
const LEFT = 262;
const RIGHT = 738;
const STEP = 27;

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [content] */
function shape(name, attributes, content) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (content !== undefined) made.textContent = content;
  return made;
}

/** @param {any} row */
function drawLadder(row) {
  const { rungs, ends } = row.ladder;
  const height = 58 + rungs.length * STEP;
  const svg = shape('svg', { class: 'ladder', viewBox: '0 0 1080 ' + height, role: 'img', 'aria-label': 'Packets before the reset, frame by frame; evidence is marked with a star' });
  svg.append(shape('text', { x: LEFT, y: 16, 'text-anchor': 'middle' }, text(ends[0])), shape('text', { x: RIGHT, y: 16, 'text-anchor': 'middle' }, text(ends[1])));
  svg.append(shape('text', { x: 8, y: 16, class: 'dim' }, 'frame   seconds'));
  for (const x of [LEFT, RIGHT]) svg.append(shape('line', { class: 'lane', x1: x, x2: x, y1: 26, y2: height - 8 }));
  rungs.forEach((/** @type {any} */ rung, /** @type {number} */ index) => {
    const y = 46 + index * STEP;
    const marks = (rung.marks === 'evidence' || rung.marks === 'both' ? ' evidence' : '') + (rung.marks === 'rst' || rung.marks === 'both' ? ' rst' : '');
    const group = shape('g', { class: (rung.to === 0 ? 'fold' : 'rung') + marks });
    group.append(shape('rect', { class: 'band', x: 0, y: y - 15, width: 1080, height: STEP - 2 }));
    if (rung.to !== 0) {
      group.append(shape('text', { x: 58, y: y + 4, 'text-anchor': 'end' }, (marks.includes('evidence') ? '* ' : '') + rung.frame));
      group.append(shape('text', { x: 72, y: y + 4, class: 'dim' }, text(rung.time)));
      group.append(shape('text', { x: 232, y: y + 4, class: 'dim', 'text-anchor': 'end' }, text(rung.gap)));
    }
    group.append(shape('line', { class: 'wire', x1: LEFT + 3, x2: RIGHT - 3, y1: y + 5, y2: y + 5 }));
    if (rung.to === 1) group.append(shape('path', { class: 'tip', d: 'M' + (RIGHT - 2) + ' ' + (y + 5) + 'l-10 -5v10z' }));
    if (rung.to === -1) group.append(shape('path', { class: 'tip', d: 'M' + (LEFT + 2) + ' ' + (y + 5) + 'l10 -5v10z' }));
    group.append(shape('text', { x: (LEFT + RIGHT) / 2, y: y - 1, 'text-anchor': 'middle' }, text(rung.text)));
    group.append(shape('text', { x: RIGHT + 14, y: y + 4 }, text(rung.note)));
    svg.append(group);
  });
  return svg;
}

/** @param {any} row @returns {Node[]} */
function detail(row) {
  const nodes = [element('h3', text(row.title))];
  nodes[0].id = 'detail-title';
  const about = element('p', undefined, 'about');
  about.append('frame ' + row.frame + ' \\u00b7 ' + row.time + ' UTC \\u00b7 ' + data.confidences[row.sure] + ' \\u00b7 ');
  const link = document.createElement('a');
  link.href = '#cause-' + text(row.cause);
  link.textContent = text(row.cause);
  link.addEventListener('click', () => dialog.close());
  about.append(link, ' \\u00b7 ', element('span', data.severities[row.severity], data.severities[row.severity]));
  if (row.role !== 0) about.append(' \\u00b7 ' + data.roles[row.role] + (row.of ? ' of ' + row.of : ''));
  if (data.files.length > 1) about.append(' \\u00b7 ' + data.files[row.file].name);
  nodes.push(about);
  const story = element('ol');
  for (const number of row.evidence) story.append(element('li', text(number)));
  if (row.evidence.length > 0) nodes.push(story);
  if (row.ladder) {
    const wide = element('div', undefined, 'wide');
    wide.tabIndex = 0;
    wide.append(drawLadder(row));
    nodes.push(wide);
    const under = [text(row.ladder.about), 'Relative numbers as in Wireshark; * evidence.'].filter(Boolean).join('. ');
    nodes.push(element('p', under, 'soft'));
  } else nodes.push(element('p', 'The ladder of this reset is not kept in this page; the command below shows it.', 'soft'));
  const list = element('dl', undefined, 'rows');
  for (const [label, number] of row.rows) list.append(element('dt', text(label)), cited(text(number)));
  list.append(element('dt', 'here'), code('whyrst show ' + data.files[row.file].word + ' ' + row.frame));
  list.append(element('dt', 'filter'), code(text(row.filter)));
  nodes.push(list);
  if (row.not.length > 0) {
    const folded = element('details', undefined, 'list');
    folded.append(element('summary', 'What it is not: ' + row.not.length + (row.not.length === 1 ? ' other cause' : ' other causes') + ' that looked'));
    const against = element('dl', undefined, 'rows wider');
    for (const [id, number] of row.not) against.append(element('dt', text(id)), cited(text(number)));
    folded.append(against);
    nodes.push(folded);
  }
  return nodes;
}

/** @param {string} content */
function code(content) {
  const dd = element('dd');
  dd.append(element('code', content));
  return dd;
}

/** What stands in backticks becomes code, each line a line. @param {string} content */
function cited(content) {
  const dd = element('dd');
  content.split('\\n').forEach((one, index) => {
    if (index > 0) dd.append(document.createElement('br'));
    one.split(/(\`[^\`]+\`)/).forEach((part) => dd.append(/^\`[^\`]+\`$/.test(part) ? element('code', part.slice(1, -1)) : part));
  });
  return dd;
}
`;
