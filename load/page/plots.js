// Draws the plots of a report in the browser, from the data in the page. Needs uPlot, loaded before.

const colours =
  '#8c959f #0969da #cf5c00 #1a7f37 #8250df #bf3989 #0b7285 #9a6700 #3d2f8f #5c7a29 #a40e26 #24292f'.split(
    ' ',
  );

/** An element with a class and a text; the text is not parsed as markup. */
function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function drawBars({ title, unit, bars }) {
  const box = element('div', 'bars');
  box.append(element('h3', '', title));
  // Each group has a scale of its own: the rates of 1 KB and of 20 MB answers differ too much for one.
  for (const [group, own] of Map.groupBy(bars, (bar) => bar.group)) {
    const longest = Math.max(...own.map((bar) => bar.value));
    own.forEach(({ name, value }, i) => {
      const bar = element('span', 'bar');
      const stick = element('i', '');
      stick.style.width = `${(value / longest) * 60}%`;
      stick.style.background = colours[i % colours.length];
      bar.append(stick, element('small', '', `${name}: ${Math.round(value).toLocaleString('en')} ${unit}`));
      box.append(element('span', '', i === 0 ? group : ''), bar);
    });
  }
  return box;
}

/** 99 % is at 100, 99.9 % at 1000: on a logarithmic scale their distances are equal. */
const oddsOf = (percentile) => 100 / Math.max(0.005, 100 - percentile);
const percentileOf = (odds) => `${Number((100 - 100 / odds).toPrecision(6))} %`;

function drawLines({ title, x, unit, series }) {
  const box = element('div', 'lines');
  const byPercentile = x === 'percentile';
  const place = byPercentile ? oddsOf : (seconds) => seconds;
  const tables = series.map(({ points }) => [
    points.map((point) => place(point[0])),
    points.map((point) => point[1]),
  ]);
  const options = {
    title,
    width: 560,
    height: 320,
    scales: {
      x: { time: false, distr: byPercentile ? 3 : 1 },
      y: byPercentile ? { distr: 3 } : { range: (_plot, _low, high) => [0, Math.max(high, 0.001) * 1.05] },
    },
    axes: [
      byPercentile
        ? { values: (_plot, splits) => splits.map((odds) => (odds === null ? null : percentileOf(odds))) }
        : { values: (_plot, splits) => splits.map((second) => `${second} s`) },
      {
        size: 70,
        values: (_plot, splits) => splits.map((value) => (value === null ? null : `${value} ${unit}`)),
      },
    ],
    series: [
      {
        label: x,
        value: (_plot, value) => (value === null ? '' : byPercentile ? percentileOf(value) : `${value} s`),
      },
      ...series.map(({ name }, i) => ({
        label: name,
        stroke: colours[i % colours.length],
        width: 1.5,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
  // oxlint-disable-next-line no-new -- it draws into the box
  new uPlot(options, uPlot.join(tables), box);
  return box;
}

const plots = JSON.parse(document.getElementById('data').textContent);
const container = document.getElementById('plots');
for (const plot of plots) {
  if (plot.kind === 'bars') container.append(drawBars(plot));
  else if (plot.series.some(({ points }) => points.length > 0)) container.append(drawLines(plot));
}
// Lets a test check that every plot was drawn.
document.body.dataset.drawn = String(container.children.length);
