// Draws flame graphs as one HTML file, which loads nothing over the network: a frame is as wide as its share of the processor time.
// Method: Brendan Gregg, "The Flame Graph", Communications of the ACM 59 (2016).

import type { Flame, Frame } from './tree.ts';

const width = 1200;
const rowHeight = 16;
const depthMax = 90;
const frameWidthMin = 0.4;
const characterWidth = 6.2;
const functionsShown = 20;

const style = `body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: ${width}px }
svg { display: block; width: 100%; height: auto; font: 10px ui-monospace, monospace }
rect { stroke: #fff; stroke-width: .4 } g:hover > rect { fill: #ffd54a }
table { border-collapse: collapse } td, th { padding: .1rem .8rem .1rem 0; text-align: left } td:first-child { text-align: right }`;

export function flamePage(flames: readonly Flame[], at: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Processor time, ${escaped(at)}</title>
<style>${style}</style>
</head>
<body>
<h1>Processor time, ${escaped(at)}</h1>
<p>From the profiles of V8, without idle time. The top row is everything; below each frame is what it calls. Point at a frame for its
file and share. Green: Marquee; blue: Node; orange: packages; grey: V8 and the load suite.</p>
${flames.map(section).join('\n')}
</body>
</html>
`;
}

function section({ kind, profiles, root }: Flame): string {
  const rows = heaviest(root).map(
    ({ name, place, self }) =>
      `<tr><td>${percent(self, root.total)}</td><td>${escaped(name)}</td><td>${escaped(place)}</td></tr>`,
  );
  return `<h2>${escaped(kind)}</h2>
<p>${profiles} profiles, ${(root.total / 1e6).toFixed(1)} s of processor time</p>
${svgOf(root)}
<table><tr><th>self</th><th>function</th><th>place</th></tr>
${rows.join('\n')}
</table>`;
}

function svgOf(root: Frame): string {
  const parts: string[] = [];
  let deepest = 0;
  const open = [{ frame: root, x: 0, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { frame, x, depth } = next;
    const share = root.total === 0 ? 0 : (frame.total / root.total) * width;
    if (share < frameWidthMin || depth > depthMax) continue;
    deepest = Math.max(deepest, depth);
    parts.push(drawn(frame, root.total, { x, y: depth * rowHeight, width: share }));
    let left = x;
    for (const child of [...frame.children.values()].toSorted((a, b) => b.total - a.total)) {
      open.push({ frame: child, x: left, depth: depth + 1 });
      left += (child.total / root.total) * width;
    }
  }
  return `<svg viewBox="0 0 ${width} ${(deepest + 1) * rowHeight}" role="img">\n${parts.join('\n')}\n</svg>`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function drawn(frame: Frame, all: number, box: Box): string {
  const title = `${frame.name} ${placeOf(frame)}\n${percent(frame.total, all)}, ${percent(frame.self, all)} itself`;
  const characters = Math.floor((box.width - 4) / characterWidth);
  const label =
    characters < 3
      ? ''
      : `<text x="${(box.x + 2).toFixed(1)}" y="${box.y + 12}">${escaped(frame.name.slice(0, characters))}</text>`;
  const size = `x="${box.x.toFixed(2)}" y="${box.y}" width="${box.width.toFixed(2)}" height="${rowHeight}"`;
  return `<g><title>${escaped(title)}</title><rect ${size} fill="${colourOf(frame)}"/>${label}</g>`;
}

function colourOf({ url }: Frame): string {
  if (url.startsWith('node:')) return '#a9c8f0';
  if (url.includes('/node_modules/')) return '#f5c08a';
  return url.includes('/src/') ? '#a8dba8' : '#dadada';
}

/** From the root of the repository or of a package. */
const placeOf = ({ url, line }: Frame): string =>
  url === '' ? '' : `${url.replace(/^.*\/(?=(?:src|load|node_modules)\/)/, '')}:${line}`;

/** The functions with most time of their own, wherever they are called from. */
function heaviest(root: Frame): readonly { name: string; place: string; self: number }[] {
  const found = new Map<string, { name: string; place: string; self: number }>();
  const open = [root];
  for (const frame of open) {
    open.push(...frame.children.values());
    const place = placeOf(frame);
    const key = `${frame.name} ${place}`;
    const own = found.get(key) ?? { name: frame.name, place, self: 0 };
    found.set(key, own);
    own.self += frame.self;
  }
  return [...found.values()].toSorted((a, b) => b.self - a.self).slice(0, functionsShown);
}

const percent = (part: number, all: number): string => `${(all === 0 ? 0 : (100 * part) / all).toFixed(1)} %`;

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
