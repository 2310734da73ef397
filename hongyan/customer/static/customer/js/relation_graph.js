// [data-relation-graph="id"]: draws the JSON of the element with that id. Places come from the server, so the picture is
// the same each time; names are drawn on the canvas, never parsed as HTML. The table beneath serves keyboards.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const shade = (group) => colour(group ? `--chart-${((group - 1) % 6) + 1}` : "--ink");
const FEW = 30;
const TOP = 40;

// Two corners that nobody sees keep the picture a square; without them a straight line of customers fills the canvas.
function corners(data) {
  const reach = Math.max(1, ...data.nodes.map((one) => Math.hypot(one.x, one.y)));
  return [-reach, reach].map((at) => ({ id: `corner${at}`, x: at, y: at, symbolSize: 0, label: { show: false }, tooltip: { show: false }, silent: true }));
}

function options(data, canvas) {
  const side = Math.min(canvas.clientWidth * 0.8, canvas.clientHeight - TOP - 32);
  const ink = colour("--ink");
  const few = data.nodes.length <= FEW;
  return {
    animation: false,
    textStyle: { fontFamily: colour("--font") },
    legend: { top: 6, left: 8, data: data.groups.slice(1), selectedMode: false, itemWidth: 10, itemHeight: 10, textStyle: { color: colour("--ink-faint") } },
    tooltip: { renderMode: "richText", confine: true, backgroundColor: colour("--surface"), borderColor: colour("--line"), textStyle: { color: ink, fontSize: 12 }, formatter: ({ data: one }) => one.text },
    series: [{
      type: "graph", layout: "none", roam: true, width: side, height: side, top: TOP + 4, left: (canvas.clientWidth - side) / 2, scaleLimit: { min: 0.5, max: 8 },
      categories: data.groups.map((name, group) => ({ name, itemStyle: { color: shade(group) } })),
      emphasis: { focus: "adjacency", label: { show: true } },
      labelLayout: { hideOverlap: true },
      edgeSymbol: ["none", "none"], edgeSymbolSize: 7,
      data: [...corners(data), ...data.nodes.map((one, index) => ({
        id: one.id, name: one.id, x: one.x, y: one.y, url: one.url, category: one.group, text: `${one.name}\n${one.code}`,
        symbol: one.firm ? "roundRect" : "circle", symbolSize: index ? (few ? 14 : 9) : 24, cursor: "pointer",
        label: { show: true, position: index ? (one.right ? "right" : "left") : "bottom", color: ink, fontSize: index ? 12 : 14, fontWeight: index ? "normal" : "bold", formatter: () => one.name, width: few ? 180 : 120, overflow: "truncate", textBorderColor: colour("--surface"), textBorderWidth: 3 },
      }))],
      links: data.lines.map((one) => ({
        source: one.source, target: one.target, text: one.text, symbol: one.level ? ["none", "none"] : ["none", "arrow"],
        lineStyle: { color: shade(one.group), width: 1.5, opacity: 0.75, type: one.sure ? "solid" : "dashed", curveness: 0 },
      })),
    }],
  };
}

for (const canvas of document.querySelectorAll("[data-relation-graph]")) {
  const data = JSON.parse(document.getElementById(canvas.dataset.relationGraph).textContent);
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(options(data, canvas));
  chart.on("click", ({ data: one }) => one.url && location.assign(one.url));
  document.addEventListener("ui:appearance", () => chart.setOption(options(data, canvas)));
  window.addEventListener("resize", () => {
    chart.resize();
    chart.setOption(options(data, canvas));
  });
}
