/**
 * The script of the HTML report: filter, sort, scroll and open. One string without a library, since the content security
 * policy holds its hash; it writes text only through `textContent`, never as HTML. A test type-checks it against the DOM.
 *
 * The table draws the rows in view and a few around them, so its speed does not depend on their number. Rows are of one
 * height, measured once, since zoom and fonts change it.
 */

import { LADDER_SCRIPT } from './ladder-script.js';

export const SCRIPT = `'use strict';
(() => {
let ROW = 28;
const AROUND = 12;
const PRINTED = 2000;
/** @type {any} */
const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById('data')).textContent || '');
/** @param {number} number @returns {string} */
const text = (number) => data.strings[number];
/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);
/** @param {string} name @param {string} [content] @param {string} [className] */
const element = (name, content, className) => {
  const made = document.createElement(name);
  if (content !== undefined) made.textContent = content;
  if (className) made.className = className;
  return made;
};
${LADDER_SCRIPT}
const several = data.files.length > 1;
/** @type {{ key: string, head: string, className: string, value: (row: any) => string, order: (row: any) => number | string }[]} */
const columns = [
  { key: 'frame', head: 'frame', className: 'number', value: (row) => String(row.frame), order: (row) => row.file * 1e12 + (row.at || row.frame) },
  { key: 'time', head: 'time (UTC)', className: '', value: (row) => row.time, order: (row) => row.time },
  { key: 'ends', head: 'client \\u2192 server', className: 'mono', value: (row) => text(row.client) + ' \\u2192 ' + text(row.server), order: (row) => text(row.server) + ' ' + text(row.client) },
  { key: 'by', head: 'RST made by', className: '', value: (row) => text(row.madeBy), order: (row) => text(row.madeBy) },
  { key: 'cause', head: 'cause', className: '', value: (row) => (row.role === 1 ? '\\u21b3 aftershock of ' + row.of + ': ' : '') + text(row.cause), order: (row) => text(row.cause) },
  { key: 'sure', head: 'sure', className: '', value: (row) => data.confidences[row.sure], order: (row) => -row.sure },
  { key: 'severity', head: 'severity', className: '', value: (row) => data.severities[row.severity], order: (row) => -row.severity },
];
if (several) columns.push({ key: 'file', head: 'capture', className: 'mono', value: (row) => data.files[row.file].name, order: (row) => row.file });

const scroll = byId('scroll');
const body = byId('rows');
const table = byId('resets');
let sorted = { key: 'frame', down: false };
/** @type {any[]} */
let view = [];
let current = 0;
let opened = -1;

/** @param {any} row */
const haystack = (row) => row.hay || (row.hay = (row.id + ' ' + row.frame + ' ' + row.time + ' ' + text(row.client) + ' ' + text(row.server) + ' ' + text(row.madeBy) + ' ' + text(row.cause) + ' ' + text(row.title) + (several ? ' ' + data.files[row.file].name : '')).toLowerCase());

function select() {
  const words = byId('f-text').value.toLowerCase().split(/\\s+/).filter(Boolean);
  const cause = byId('f-cause').value;
  const sure = Number(byId('f-sure').value);
  const severity = Number(byId('f-severity').value);
  const shocks = byId('f-shocks').checked;
  view = data.rows.filter((/** @type {any} */ row) =>
    (shocks || row.role !== 1) &&
    (cause === '' || text(row.cause) === cause) &&
    row.sure >= sure && row.severity >= severity &&
    words.every((/** @type {string} */ word) => haystack(row).includes(word)));
  const column = columns.find(({ key }) => key === sorted.key) || columns[0];
  const way = sorted.down ? -1 : 1;
  const keys = new Map(view.map((row) => [row, column.order(row)]));
  view.sort((a, b) => {
    const x = /** @type {any} */ (keys.get(a));
    const y = /** @type {any} */ (keys.get(b));
    return (x < y ? -way : x > y ? way : 0) || a.file - b.file || (a.at || a.frame) - (b.at || b.frame);
  });
  current = 0;
  opened = -1;
  const all = data.rows.length.toLocaleString('en') + (data.rows.length === 1 ? ' RST' : ' RSTs');
  byId('shown').textContent = view.length === data.rows.length ? all : view.length.toLocaleString('en') + ' of ' + all;
  table.setAttribute('aria-rowcount', String(view.length + 1));
  scroll.scrollTop = 0;
  draw();
  const first = body.querySelector('tr.row');
  ROW = (first && first.getBoundingClientRect().height) || ROW;
  scroll.style.height = Math.min(560, Math.ceil(Math.max(1, view.length) * ROW) + 52) + 'px';
  draw();
}

/** @param {any} row @param {number} index */
function line(row, index) {
  const tr = document.createElement('tr');
  tr.className = 'row';
  tr.setAttribute('aria-rowindex', String(index + 2));
  tr.dataset.index = String(index);
  columns.forEach((column, at) => {
    const td = element('td', undefined, column.className);
    if (at === 0) {
      const open = /** @type {HTMLButtonElement} */ (element('button', column.value(row), 'plain'));
      open.type = 'button';
      open.tabIndex = index === current ? 0 : -1;
      open.setAttribute('aria-label', 'Open frame ' + row.frame);
      td.append(open);
    } else td.textContent = column.value(row);
    if (column.key === 'severity') td.className = data.severities[row.severity];
    tr.append(td);
  });
  return tr;
}

/** @param {number} height */
function pad(height) {
  const tr = element('tr', undefined, 'pad');
  tr.setAttribute('aria-hidden', 'true');
  const td = document.createElement('td');
  td.colSpan = columns.length;
  td.style.height = height + 'px';
  tr.append(td);
  return tr;
}

/** @param {boolean} [all] */
function draw(all) {
  const from = all ? 0 : Math.max(0, Math.floor(scroll.scrollTop / ROW) - AROUND);
  const to = all ? Math.min(view.length, PRINTED) : Math.min(view.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / ROW) + AROUND);
  const held = document.activeElement && body.contains(document.activeElement);
  const lines = document.createDocumentFragment();
  if (from > 0) lines.append(pad(from * ROW));
  for (let index = from; index < to; index += 1) lines.append(line(view[index], index));
  if (all && to < view.length) {
    const tr = document.createElement('tr');
    const td = element('td', (view.length - to).toLocaleString('en') + ' more rows are not printed');
    /** @type {HTMLTableCellElement} */ (td).colSpan = columns.length;
    tr.append(td);
    lines.append(tr);
  } else if (to < view.length) lines.append(pad((view.length - to) * ROW));
  if (view.length === 0) {
    const tr = document.createElement('tr');
    const td = element('td', 'No RST matches these filters.');
    /** @type {HTMLTableCellElement} */ (td).colSpan = columns.length;
    tr.append(td);
    lines.append(tr);
  }
  body.replaceChildren(lines);
  if (held) focusRow();
}

function focusRow() {
  const button = body.querySelector('tr[data-index="' + current + '"] button');
  if (button) /** @type {HTMLElement} */ (button).focus({ preventScroll: true });
}

/** @param {number} index */
function go(index) {
  if (view.length === 0) return;
  current = Math.max(0, Math.min(view.length - 1, index));
  const top = current * ROW;
  const room = scroll.clientHeight - 40;
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top + ROW > scroll.scrollTop + room) scroll.scrollTop = top + ROW - room;
  draw();
  focusRow();
}

const head = byId('head');
for (const column of columns) {
  const th = element('th', undefined, column.className);
  th.setAttribute('scope', 'col');
  const sort = /** @type {HTMLButtonElement} */ (element('button', column.head));
  sort.type = 'button';
  sort.addEventListener('click', () => {
    sorted = { key: column.key, down: sorted.key === column.key && !sorted.down };
    heads();
    select();
  });
  th.append(sort);
  head.append(th);
}
function heads() {
  columns.forEach((column, at) => {
    const th = head.children[at];
    const own = sorted.key === column.key;
    if (own) th.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending');
    else th.removeAttribute('aria-sort');
    /** @type {HTMLElement} */ (th.firstChild).textContent = column.head + (own ? (sorted.down ? ' \\u25bc' : ' \\u25b2') : '');
  });
}

let waiting = false;
scroll.addEventListener('scroll', () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
});
body.addEventListener('click', (/** @type {MouseEvent} */ event) => {
  const tr = /** @type {HTMLElement} */ (event.target).closest('tr.row');
  if (tr) open(Number(/** @type {HTMLElement} */ (tr).dataset.index));
});
const STEPS = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 });
scroll.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  // From the table itself the first key leads to the row that is current.
  go(body.contains(document.activeElement) ? current + step : current);
});
body.addEventListener('focusin', (/** @type {FocusEvent} */ event) => {
  const tr = /** @type {HTMLElement} */ (event.target).closest('tr.row');
  if (tr) current = Number(/** @type {HTMLElement} */ (tr).dataset.index);
});

const dialog = byId('detail');
const content = byId('detail-content');
/** @param {number} index */
function open(index) {
  const row = view[index];
  if (!row) return;
  opened = index;
  current = index;
  content.replaceChildren(...detail(row));
  byId('place').textContent = (index + 1).toLocaleString('en') + ' of ' + view.length.toLocaleString('en');
  byId('before').disabled = index === 0;
  byId('after').disabled = index === view.length - 1;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  history.replaceState(null, '', '#reset-' + row.id);
}
byId('before').addEventListener('click', () => open(opened - 1));
byId('after').addEventListener('click', () => open(opened + 1));
byId('close').addEventListener('click', () => dialog.close());
dialog.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
  if (event.key === 'ArrowLeft' && opened > 0) open(opened - 1);
  if (event.key === 'ArrowRight' && opened < view.length - 1) open(opened + 1);
});
dialog.addEventListener('close', () => {
  history.replaceState(null, '', location.pathname + location.search);
  go(current);
});

/** A link to a reset opens it, whatever the filters hide. */
function follow() {
  const found = /^#reset-(.+)$/.exec(decodeURIComponent(location.hash));
  if (found) {
    let index = view.findIndex((row) => row.id === found[1]);
    if (index < 0) {
      reset();
      byId('f-shocks').checked = true;
      select();
      index = view.findIndex((row) => row.id === found[1]);
    }
    open(index);
    return;
  }
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
    /** @type {HTMLElement} */ (target.firstElementChild).focus({ preventScroll: true });
  }
}
function reset() {
  byId('f-text').value = '';
  byId('f-cause').value = '';
  byId('f-sure').value = '0';
  byId('f-severity').value = '0';
  byId('f-shocks').checked = false;
}
addEventListener('hashchange', follow);

for (const id of ['f-text', 'f-cause', 'f-sure', 'f-severity', 'f-shocks']) byId(id).addEventListener('input', select);
byId('f-clear').addEventListener('click', () => { reset(); select(); });
for (const button of document.querySelectorAll('button[data-cause]')) {
  button.addEventListener('click', () => {
    reset();
    byId('f-cause').value = /** @type {HTMLElement} */ (button).dataset.cause;
    select();
    byId('table').scrollIntoView();
    go(0);
  });
}
byId('theme').addEventListener('click', () => {
  const root = document.documentElement;
  const dark = root.style.colorScheme === 'dark' || (root.style.colorScheme === '' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.style.colorScheme = dark ? 'light' : 'dark';
});
/** @type {HTMLDetailsElement[]} */
let unfolded = [];
addEventListener('beforeprint', () => {
  unfolded = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll('details.card')]).filter((one) => !one.open);
  for (const one of unfolded) one.open = true;
  draw(true);
});
addEventListener('afterprint', () => {
  for (const one of unfolded) one.open = false;
  draw();
});

/** The packets of a finding that is one reset stand in its card. */
for (const place of document.querySelectorAll('[data-reset]')) {
  const row = data.rows.find((/** @type {any} */ each) => each.id === /** @type {HTMLElement} */ (place).dataset.reset);
  if (row && row.ladder) place.append(drawLadder(row));
}
for (const button of [byId('unfold'), byId('fold')]) {
  if (button) button.addEventListener('click', () => {
    for (const one of document.querySelectorAll('details.card')) /** @type {HTMLDetailsElement} */ (one).open = button.id === 'unfold';
  });
}

byId('table').hidden = false;
heads();
select();
follow();
})();
`;
