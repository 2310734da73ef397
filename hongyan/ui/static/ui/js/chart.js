// [data-chart="id"]: draws the JSON of the element with that id. Text is drawn on the canvas, never parsed as HTML.
// A number with an address leads there; the table with the same links serves keyboards and screen readers.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const drawn = new Map();

function options(data) {
  const ink = colour("--ink-faint");
  const line = colour("--line");
  const pop = { backgroundColor: colour("--surface"), borderColor: line, textStyle: { color: colour("--ink"), fontSize: 12 } };
  return {
    animationDuration: 250,
    color: [1, 2, 3, 4, 5, 6].map((number) => colour(`--chart-${number}`)),
    textStyle: { fontFamily: colour("--font") },
    grid: { top: 34, right: 22, bottom: 4, left: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: ink } },
    // richText draws the tooltip on the canvas: names cannot inject HTML, and no inline style meets the CSP.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value) => (value == null ? "—" : `${value.toLocaleString()} ${data.unit}`), ...pop },
    xAxis: { type: "category", data: data.categories, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink } },
    yAxis: { type: "value", axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
    series: data.series.map(({ urls, colour: own, ...one }) => ({ ...one, itemStyle: own ? { color: colour(`--${own}`) } : undefined, cursor: urls.length ? "pointer" : "default", type: data.kind, stack: data.stacked ? "all" : undefined, barMaxWidth: 26, showSymbol: false, connectNulls: false })),
  };
}

function draw(canvas) {
  const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(options(data));
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const url = data.series[seriesIndex].urls[dataIndex];
    if (url) location.assign(url);
  });
  drawn.set(canvas, { chart, data });
}

function drawAll() {
  for (const [canvas, { chart }] of drawn) {
    if (canvas.isConnected) continue;
    chart.dispose();
    drawn.delete(canvas);
  }
  for (const canvas of document.querySelectorAll("[data-chart]")) if (!drawn.has(canvas)) draw(canvas);
}

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
document.addEventListener("ui:appearance", () => drawn.forEach(({ chart, data }) => chart.setOption(options(data))));
window.addEventListener("resize", () => drawn.forEach(({ chart }) => chart.resize()));
