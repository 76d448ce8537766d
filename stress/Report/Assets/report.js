"use strict";

const report = JSON.parse(document.getElementById("report").textContent);
const page = document.getElementById("page");
const tip = document.getElementById("tip");
const targets = ["watcher", "server", "host", "parent"];
const hidden = new Set();
const plots = [];

// Formats figures for people. Durations are seconds.

const count = n => n.toLocaleString("en-US");
const some = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;
const two = n => String(n).padStart(2, "0");
const percent = n => `${(100 * n).toFixed(1)} %`;
const megabytes = bytes => bytes == null ? "–" : `${count(Math.round(bytes / 1048576))} MB`;

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function span(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]]
    .map(([size, unit], at, all) => [Math.floor((at ? seconds % all[at - 1][0] : seconds) / size), unit])
    .filter(([n]) => n > 0);
  return parts.slice(0, 2).map(([n, unit]) => `${n} ${unit}`).join(" ") || "0 s";
}

function duration(seconds) {
  if (seconds == null) return "–";
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  return seconds < 100 ? `${seconds.toFixed(seconds < 10 ? 2 : 1)} s` : span(seconds);
}

function measure(value, unit) {
  if (value == null) return "–";
  if (unit === "s") return duration(value);
  const text = count(Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  return unit ? `${text} ${unit}` : text;
}

// The elements of the page. Text is always inserted as text, never as HTML.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "mark") element.style.setProperty("--mark", `var(--${value})`);
    else if (value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child != null));
  return element;
}

function section(title, ...children) {
  page.append(make("section", {}, make("h2", {}, title), ...children));
}

function table(columns, rows) {
  const cell = (tag, column, content) => make(tag, { class: column.kind, scope: tag === "th" ? "col" : null }, content);
  return make("div", { class: "wide" }, make("table", {},
    make("thead", {}, make("tr", {}, columns.map(column => cell("th", column, column.name)))),
    make("tbody", {}, rows.map(row => make("tr", {}, columns.map(column => cell("td", column, column.of(row))))))));
}

function facts(pairs) {
  return make("dl", { class: "facts" }, pairs.filter(([, value]) => value != null).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

const dot = target => make("span", { class: "dot", mark: target ?? "quiet" });

// Verdict, figures, invariants.

/** held, broken, open (not tested, and should have been) or idle (this run gave no cause). */
function stateOf(verdict) {
  return verdict.violated > 0 ? "broken" : verdict.checks > 0 ? "held" : verdict.notApplicable == null ? "open" : "idle";
}

function verdict() {
  const { plan, surroundings, judgement, took, ended } = report;
  const { verdicts, held, violated, checks } = judgement;
  const is = wanted => verdicts.filter(verdict => stateOf(verdict) === wanted).length;
  const outcome = held ? "held" : violated > 0 ? "broken" : "open";
  const sum = violated > 0
    ? `${is("broken")} of ${some(verdicts.length, "invariant", "invariants")} violated, in ${some(checks, "check", "checks")}.`
    : `${is("held")} of ${some(verdicts.length, "invariant", "invariants")} held, in ${some(checks, "check", "checks")}.`;
  const facts = [
    ["Scenario", plan.scenario], ["Seed", String(plan.seed)], ["Schedule", `${span(plan.duration)} at speed ${plan.speed}`],
    ["Took", span(took)], ["Date", surroundings.startedAt.slice(0, 16).replace("T", " ") + surroundings.startedAt.slice(-6).replace("+00:00", " UTC")],
    ["Build", surroundings.build],
  ];
  page.append(make("section", { class: `verdict ${outcome}`, id: "verdict" },
    make("h1", {}, { held: "Held", broken: `Not held: ${some(violated, "violation", "violations")}`, open: "Not proven" }[outcome]),
    make("p", { class: "sum" }, sum,
      is("idle") > 0 ? ` ${is("idle")} not applicable in this run.` : "",
      is("open") > 0 ? ` ${some(is("open"), "was", "were")} not tested.` : "",
      ended == null ? " The record has no end." : ended === "the schedule is done" ? "" : ` The run ended early: ${ended}.`),
    make("dl", {}, facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))))));
}

function tiles() {
  const { headline, plan, latencies, faults } = report;
  const injected = faults.filter(fault => !fault.skipped);
  const absence = Math.max(0, ...injected.filter(fault => fault.target === "watcher").map(fault => fault.recovered ?? 0));
  const tile = (name, figure, ...rest) => make("div", { class: "tile" },
    make("div", { class: "name" }, name), make("div", { class: "figure" }, figure), rest.filter(Boolean).map(line => make("div", { class: "rest" }, line)));
  const bad = (n, text) => n > 0 ? make("span", { class: "bad" }, text) : text;
  page.append(make("section", { class: "tiles", "aria-label": "Figures" },
    tile("Jobs done", count(headline.jobs), `${plan.jobs} every ${span(plan.period)}`,
      headline.jobsSkipped ? `${count(headline.jobsSkipped)} skipped` : null,
      headline.jobsTroubled ? `${count(headline.jobsTroubled)} not completed` : null),
    tile("Faults injected", count(injected.length),
      targets.map(target => [target, injected.filter(fault => fault.target === target).length]).filter(([, n]) => n).map(([target, n]) => `${target} ${n}`).join(", "),
      faults.length > injected.length ? `${faults.length - injected.length} skipped` : null),
    tile("Watcher deaths", count(headline.watcherDeaths), absence ? `all replaced, within ${duration(absence)}` : null,
      headline.parentDeaths ? `and ${some(headline.parentDeaths, "parent", "parents")}` : null),
    tile("Changes served", count(headline.changesServed), bad(headline.changesLost, `${count(headline.changesLost)} lost`),
      `half within ${duration(latencies.all.p50)}`, `99 % within ${duration(latencies.all.p99)}`),
    tile("Requests made", count(headline.requests), `${count(headline.requestsFailed)} failed in all`),
    tile("Restarts explained", count(headline.restartsExplained),
      bad(headline.restarts - headline.restartsExplained, `of ${count(headline.restarts)}, by the ledger`))));
}

function invariants() {
  const violations = invariant => make("details", { class: "violations", open: "" },
    make("summary", {}, invariant.violated > invariant.violations.length ? `The first ${invariant.violations.length} violations` : "Violations"),
    make("ol", {}, invariant.violations.map(violation => make("li", {}, make("time", {}, clock(violation.at)), make("span", {}, violation.what)))));
  const list = table([
    { name: "", kind: "tight", of: invariant => make("span", { class: `state ${stateOf(invariant)}` }, { held: "✓ held", broken: "✗ violated", open: "not tested", idle: "not applicable" }[stateOf(invariant)]) },
    { name: "Invariant", kind: "promise", of: invariant => invariant.name },
    { name: "Checks", kind: "number", of: invariant => count(invariant.checks) },
    { name: "Violations", kind: "number", of: invariant => count(invariant.violated) },
    { name: "Measured", of: invariant => stateOf(invariant) === "idle" ? invariant.notApplicable : invariant.measured },
  ], report.judgement.verdicts);
  list.id = "invariants";
  [...list.querySelectorAll("tbody tr")].forEach((row, at) => {
    if (report.judgement.verdicts[at].violated === 0) return;
    row.className = "opened";
    row.after(make("tr", { class: "more" }, make("td"), make("td", { colspan: 4 }, violations(report.judgement.verdicts[at]))));
  });
  section("Invariants", list);
}

// Timelines: one time axis and one cursor for all, faults as vertical lines.

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const font = () => `12px ${getComputedStyle(document.body).fontFamily}`;
const shown = () => report.faults.filter(fault => !fault.skipped && !hidden.has(fault.target));
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

function timeAxis() {
  return {
    stroke: colour("soft"), font: font(), size: 30, gap: 8, space: 70, incrs: timeSteps,
    grid: { stroke: colour("grid"), width: 1 }, ticks: { show: false },
    values: (_, splits, __, ___, step) => splits.map(at => step < 60 ? clock(at) : clock(at).slice(0, -3)),
  };
}

function valueAxis(unit) {
  return {
    stroke: colour("soft"), font: font(), size: 76, gap: 6, space: 32, grid: { stroke: colour("grid"), width: 1 }, ticks: { show: false },
    incrs: unit === "s" ? [.01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600] : unit ? undefined : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 5e4, 1e5],
    values: (_, splits) => splits.map(value => value == null ? "" : unit === "s" ? `${+value.toFixed(2)} s` : measure(value, unit)),
  };
}

function faultLines(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.globalAlpha = shown().length > 150 ? .18 : .38;
  for (const fault of shown()) {
    const x = Math.round(plot.valToPos(fault.at, "x", true)) + .5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colour(fault.target);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function faultsNear(plot, left) {
  return shown().filter(fault => Math.abs(plot.valToPos(fault.at, "x") - left) <= 5);
}

function outcome(fault) {
  return fault.recovered == null ? fault.outcome : `${fault.outcome}; recovered after ${duration(fault.recovered)}`;
}

/** The tip belongs to the plot under the pointer or with the focus: the cursors of the others only follow. */
function showTip(plot) {
  const { left, event } = plot.cursor;
  const over = plot.over.getBoundingClientRect();
  if (left < 0 || !(plot.root.matches(":hover") || plot.root.parentElement === document.activeElement)) return;
  const near = faultsNear(plot, left);
  tip.replaceChildren(make("b", {}, clock(Math.max(0, plot.posToVal(left, "x")))),
    ...near.slice(0, 5).map(fault => make("p", {}, dot(fault.target), make("b", {}, fault.name), fault.service ? ` ${fault.service}: ` : ": ", outcome(fault))),
    ...near.length > 5 ? [make("p", { class: "soft" }, `and ${near.length - 5} more`)] : []);
  tip.hidden = false;
  const x = over.left + left + 14;
  const y = (event?.clientY ?? over.top) + 14;
  tip.style.left = `${x + tip.offsetWidth > innerWidth - 8 ? x - tip.offsetWidth - 28 : x}px`;
  tip.style.top = `${Math.min(y, innerHeight - tip.offsetHeight - 8)}px`;
}

function options(width, height, extra) {
  return {
    width, height, padding: [8, report.took < 3600 ? 30 : 16, 0, 0], legend: { show: false },
    cursor: { y: false, sync: { key: "time" }, points: { show: false }, drag: { x: true, y: false } },
    ...extra,
  };
}

const step = report.step;
const times = Array.from(report.charts[0]?.series[0]?.values ?? [], (_, at) => (at + .5) * step);
const timeScale = { time: false, range: (_, from, to) => from == null || (from === times[0] && to === times.at(-1)) ? [0, Math.max(report.took, 1)] : [from, to] };

function look(series) {
  const stroke = colour(series.colour);
  const shared = { label: series.name, points: { show: false }, stroke };
  switch (series.look) {
    case "stack":
    case "bars": return { ...shared, fill: stroke, width: 0, paths: uPlot.paths.bars({ size: [.86, 40, 1.5], align: 0 }) };
    case "limit": return { ...shared, width: 1.5, dash: [7, 5] };
    case "dashed": return { ...shared, width: 1.25, dash: [3, 3] };
    default: return { ...shared, width: 1.75 };
  }
}

/** As drawn: bars of a stack stand on those after them, which are drawn over their lower ends. */
function heights(series) {
  const stacked = series.map(one => one.values);
  for (let at = series.length - 2; at >= 0; at--)
    if (series[at].look === "stack") stacked[at] = stacked[at].map((value, index) => value + stacked[at + 1][index]);
  return stacked;
}

function peak(values) {
  return values.reduce((highest, value) => value != null && (highest == null || value > highest) ? value : highest, null);
}

/** Beside each name: its value under the cursor, or what it came to in the whole run. A dashed line shares the entry of the line before it. */
function legend(chart) {
  const rows = chart.series.map((series, at) => ({ series, second: chart.series[at + 1]?.look === "dashed" ? chart.series[at + 1] : null }))
    .filter(({ series }) => series.look !== "dashed")
    .map(({ series, second }) => {
      const text = read => measure(read(series.values), chart.unit) + (second ? `, ${second.name} ${measure(read(second.values), chart.unit)}` : "");
      const summary = series.look === "limit" ? measure(series.values[0], chart.unit)
        : series.look === "stack" ? `${count(series.values.reduce((sum, n) => sum + n, 0))} in all`
        : `at most ${text(peak)}`;
      const value = make("b", {}, summary);
      return {
        show: at => { value.textContent = at == null ? summary : text(values => values[at]); },
        row: make("span", {}, make("i", { class: series.look, mark: series.colour }), `${series.name} `, value), summary: `${series.name}: ${summary}`,
      };
    });
  return { rows, element: make("div", { class: "legend" }, rows.map(row => row.row)) };
}

function timeline(chart) {
  const key = legend(chart);
  const holder = make("div", { class: "plot", tabindex: "0", role: "img", "aria-label": `${chart.title}. ${key.rows.map(row => row.summary).join("; ")}. Arrow keys move the cursor.` });
  const element = make("figure", { class: "chart" },
    make("header", {}, make("h3", {}, chart.title), make("span", { class: "soft" }, chart.note), key.element), holder);
  const floor = { "": 4, "%": 5, s: 1, MB: 10 }[chart.unit] ?? 1;
  plots.push({ holder, draw: width => new uPlot(options(width, chart.series.length > 5 ? 210 : 136, {
    scales: { x: timeScale, y: { range: (_, __, high) => [0, Math.max((high ?? 0) * 1.12, floor)] } },
    axes: [timeAxis(), valueAxis(chart.unit)],
    series: [{}, ...chart.series.map(look)],
    hooks: { drawClear: [faultLines], setCursor: [showTip, plot => key.rows.forEach(row => row.show(plot.cursor.left < 0 ? null : plot.cursor.idx))] },
  }), [times, ...heights(chart.series)], holder) });
  return element;
}

function lanes() {
  const used = targets.filter(target => report.faults.some(fault => fault.target === target));
  const holder = make("div", { class: "plot lanes", tabindex: "0", role: "img", "aria-label": "The times of the injected faults; the table below lists them." });
  const place = plot => {
    plot.over.querySelectorAll(".mark, .lane").forEach(mark => mark.remove());
    const lane = target => 14 + 24 * used.indexOf(target);
    plot.over.append(...used.map(target => {
      const line = make("div", { class: "lane" }, make("b", {}, target));
      line.style.top = `${lane(target)}px`;
      return line;
    }));
    for (const fault of shown()) {
      const left = plot.valToPos(fault.at, "x");
      if (left < 0 || left > plot.over.clientWidth) continue;
      const mark = make("i", { class: "mark", mark: fault.target });
      mark.style.left = `${left}px`;
      mark.style.top = `${lane(fault.target) - 7}px`;
      plot.over.append(mark);
    }
  };
  plots.push({ holder, draw: width => new uPlot(options(width, 40 + 24 * used.length, {
    scales: { x: timeScale, y: { range: [0, 1] } },
    axes: [timeAxis(), { ...valueAxis(""), grid: { show: false }, values: () => [] }],
    series: [{}, { show: false }],
    hooks: { draw: [place], setCursor: [showTip] },
  }), [times, times.map(() => null)], holder) });
  const boxes = used.map(target => {
    const box = make("input", { type: "checkbox", checked: "", mark: target });
    box.addEventListener("change", () => {
      box.checked ? hidden.delete(target) : hidden.add(target);
      plots.forEach(({ plot }) => plot?.redraw(false));
    });
    return make("label", {}, box, make("span", {}, dot(target), target, ` ${report.faults.filter(fault => fault.target === target).length}`));
  });
  return [make("div", { class: "keys", role: "group", "aria-label": "Faults shown" }, make("span", { class: "soft" }, "Faults of"), boxes,
    make("span", { class: "soft" }, "Drag to zoom, double-click for the whole run.")), make("figure", { class: "chart" }, holder)];
}

function moveByKeys(event) {
  const entry = plots.find(({ holder }) => holder === event.currentTarget);
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || !entry.plot) return;
  event.preventDefault();
  const { plot } = entry;
  const from = plot.cursor.left < 0 ? 0 : plot.cursor.idx ?? 0;
  const at = Math.min(times.length - 1, Math.max(0, from + by * (event.shiftKey ? 10 : 1)));
  plot.setCursor({ left: plot.valToPos(times[at], "x"), top: 10 }, true, true);
}

function timelines() {
  if (times.length === 0) return;
  section("Timelines", lanes(), report.charts.map(timeline));
}

// How long changes took.

const steps = [.05, .1, .2, .5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** A line for each quantile, and above the bars its label, one below the other so that none covers another. */
function quantileMarks(plot, spread) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const marks = [["p50", spread.p50], ["p90", spread.p90], ["p99", spread.p99], ["max", spread.longest]].filter(([, value]) => value != null)
    .map(([label, value], row) => ({
      text: `${label} ${duration(value)}`, x: Math.round(plot.valToPos(Math.log10(Math.max(value, report.latencies.edges[0])), "x", true)) + .5,
      y: bbox.top + (12 + 15 * row) * ratio,
    }));
  ctx.save();
  ctx.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.setLineDash([]);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.lineWidth = ratio;
  ctx.strokeStyle = colour("soft");
  for (const { x, y } of marks) {
    ctx.beginPath();
    ctx.moveTo(x, y - 10 * ratio);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  for (const { text, x, y } of marks) {
    const size = ctx.measureText(text).width;
    const left = x + size + 12 * ratio > bbox.left + bbox.width ? x - size - 5 * ratio : x + 5 * ratio;
    ctx.fillStyle = colour("page");
    ctx.fillRect(left - 3 * ratio, y - 11 * ratio, size + 6 * ratio, 14 * ratio);
    ctx.fillStyle = colour("ink");
    ctx.fillText(text, left, y);
  }
  ctx.restore();
}

function histogram(title, spread, name) {
  const { edges } = report.latencies;
  const logs = edges.map(Math.log10);
  const middles = spread.bins.map((_, at) => (logs[at] + logs[at + 1]) / 2);
  const top = Math.max(2, ...spread.bins);
  const holder = make("div", { class: "plot", role: "img", "aria-label": `${title}: ${some(spread.count, "change", "changes")}, median ${duration(spread.p50)}, longest ${duration(spread.longest)}` });
  plots.push({ holder, draw: width => new uPlot({
    width, height: 176, padding: [4, 14, 0, 0], legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, range: [logs[0], Math.max(logs.at(-1), logs[0] + 1)] }, y: { range: [0, Math.max(top * 1.8, 4)] } },
    axes: [
      { ...timeAxis(), incrs: undefined, splits: (_, __, from, to) => steps.map(Math.log10).filter(at => at >= from - 1e-9 && at <= to + 1e-9), filter: undefined,
        values: (_, splits) => splits.map(at => duration(+Math.pow(10, at).toPrecision(2)).replace(/\.0+ s/, " s")) },
      { ...valueAxis(""), filter: (_, splits) => splits.map(value => value <= top * 1.15 || value === 0 ? value : null) },
    ],
    series: [{}, { stroke: colour(name), fill: colour(name), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [.9, 60, 1] }) }],
    hooks: { draw: [plot => quantileMarks(plot, spread)] },
  }, [middles, spread.bins], holder) });
  return make("figure", { class: "chart" }, make("header", {}, make("h3", {}, title), make("span", { class: "soft" }, some(spread.count, "change", "changes"))), holder);
}

function latencies() {
  const { undisturbed, disturbed, all } = report.latencies;
  if (all.count === 0) return;
  const column = (name, spread) => ({ name, kind: "number", of: row => row.of(spread) });
  const rows = [
    { name: "Changes", of: spread => count(spread.count) }, { name: "Median", of: spread => duration(spread.p50) },
    { name: "90 % within", of: spread => duration(spread.p90) }, { name: "99 % within", of: spread => duration(spread.p99) },
    { name: "Longest", of: spread => duration(spread.longest) },
  ];
  section("Time until a change is served",
    make("p", { class: "soft" }, "From the end of the job until a running server has read all of its changes."),
    make("div", { class: "pair" },
      make("div", {}, histogram("Undisturbed", undisturbed, "good"), histogram("During a fault or its recovery", disturbed, "open")),
      table([{ name: "", of: row => row.name }, column("Undisturbed", undisturbed), column("Faults", disturbed), column("All", all)], rows)));
}

// Faults, services, surroundings.

function faults() {
  if (report.faults.length === 0) return;
  const kinds = [...Map.groupBy(report.faults, fault => fault.name)].map(([name, all]) => {
    const injected = all.filter(fault => !fault.skipped);
    const times = injected.map(fault => fault.recovered).filter(value => value != null).sort((a, b) => a - b);
    return { name, target: injected[0]?.target, injected: injected.length, skipped: all.length - injected.length, died: injected.filter(fault => fault.victimDied).length,
      whole: times.length, median: times[Math.ceil(times.length / 2) - 1], longest: times.at(-1) };
  }).sort((a, b) => targets.indexOf(a.target) - targets.indexOf(b.target) || a.name.localeCompare(b.name));
  const byKind = table([
    { name: "Fault", kind: "name", of: kind => make("span", {}, dot(kind.target), kind.name) },
    { name: "Injected", kind: "number", of: kind => count(kind.injected) },
    { name: "Skipped", kind: "number", of: kind => count(kind.skipped) },
    { name: "Victims died", kind: "number", of: kind => count(kind.died) },
    { name: "Recovered", kind: "number", of: kind => count(kind.whole) },
    { name: "Median recovery time", kind: "number", of: kind => duration(kind.median) },
    { name: "Longest", kind: "number", of: kind => duration(kind.longest) },
  ], kinds);
  const each = table([
    { name: "When", kind: "when", of: fault => clock(fault.at) },
    { name: "Fault", kind: "name", of: fault => make("span", {}, dot(fault.target), fault.name) },
    { name: "Target", kind: "tight", of: fault => fault.service ? `${fault.target} of ${fault.service}` : fault.target ?? "–" },
    { name: "Outcome", of: fault => fault.skipped ? `skipped: ${fault.outcome}` : fault.outcome },
    { name: "Recovered after", kind: "number", of: fault => fault.skipped ? "" : duration(fault.recovered) },
  ], report.faults);
  each.id = "faults";
  section("Faults", byKind, make("details", { class: "all" }, make("summary", {}, `Each of the ${count(report.faults.length)}`), each));
}

function services() {
  const causes = row => Object.entries(row.restarts).sort((a, b) => b[1] - a[1]).map(([cause, n]) => `${cause} ${count(n)}`).join(", ") || "none";
  section("Services", table([
    { name: "Service", kind: "name", of: row => row.facts.name },
    { name: "Flavour", of: row => row.facts.flavour + (row.facts.reloadsInPlace ? ", reloads in place" : "") + (row.facts.untouched ? ", untouched" : "") },
    { name: "Sources", kind: "number", of: row => count(row.facts.sourceFiles) },
    { name: "Generations", kind: "number", of: row => count(row.generations) },
    { name: "Restarts by cause", of: causes },
    { name: "Peak memory", kind: "number", of: row => megabytes(row.peakBytes) + (row.facts.capBytes ? ` of ${megabytes(row.facts.capBytes)}` : "") },
    { name: "Requests", kind: "number", of: row => count(row.requests) },
    { name: "Failed", kind: "number", of: row => count(row.failed) },
    { name: "Slowest", kind: "number", of: row => duration(row.slowest) },
  ], report.services));
}

function surroundings() {
  const { surroundings } = report;
  const tools = Object.entries(surroundings.tools).flatMap(([name, version], at) =>
    [at ? ", " : "", make("span", { class: version === "missing" ? "missing" : null }, `${name} ${version}`)]);
  section("Environment", facts([
    ["Machine", surroundings.machine], ["Cores, memory", `${surroundings.cores}, ${(surroundings.memoryBytes / 1073741824).toFixed(1)} GB`],
    ["Kernel", surroundings.kernel], ["Build", surroundings.build], ["Commit", surroundings.commit], ["Tools", make("span", {}, tools)],
  ]));
  section("Run it again", make("pre", { tabindex: "0" }, surroundings.command),
    make("p", { class: "soft after" }, "All events behind this page, one JSON document per line: ",
      make("a", { href: encodeURIComponent(report.recordFile) }, report.recordFile), ", in the folder of this file."));
}

verdict();
tiles();
invariants();
timelines();
latencies();
faults();
services();
surroundings();

function draw() {
  for (const entry of plots) {
    entry.plot?.destroy();
    entry.plot = entry.draw(entry.holder.clientWidth);
  }
}

draw();
plots.forEach(({ holder }) => holder.addEventListener("keydown", moveByKeys));
plots.forEach(({ holder }) => ["mouseleave", "blur"].forEach(name => holder.addEventListener(name, () => { tip.hidden = true; })));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
matchMedia("print").addEventListener("change", draw);
let width = page.clientWidth;
new ResizeObserver(() => {
  if (page.clientWidth === width) return;
  width = page.clientWidth;
  plots.forEach(({ plot, holder }) => plot.setSize({ width: holder.clientWidth, height: plot.height }));
}).observe(page);
