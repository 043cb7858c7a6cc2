"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const $ = (id) => document.getElementById(id);
  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const build = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const draw = (tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const short = (text, most) => {
    if (text.length <= most) return text;
    const head = Math.floor(most / 2) - 1;
    return `${text.slice(0, head)}\u2026${text.slice(text.length - (most - head - 1))}`;
  };

  // Theme
  const saved = (() => { try { return localStorage.getItem("training-alignment-theme"); } catch { return null; } })();
  if (saved) document.documentElement.dataset.theme = saved;
  $("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const next = dark ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("training-alignment-theme", next); } catch { /* a page of a file may have no storage */ }
  });

  // Findings by node: those of a step by its name, the others by their files.
  const nodesOfFile = new Map();
  const nodesOfStep = new Map();
  data.nodes.forEach((node, index) => {
    if (node.kind === "step") nodesOfStep.set(node.name, [...(nodesOfStep.get(node.name) ?? []), index]);
    for (const [path] of node.files) nodesOfFile.set(path, [...(nodesOfFile.get(path) ?? []), index]);
  });
  data.findings.forEach((finding) => {
    finding.nodes = nodesOfStep.get(finding.step) ?? nodesOfFile.get(finding.sides[0].path) ?? [];
    finding.words = `${finding.code} ${finding.message} ${finding.step} ${finding.sides.map((s) => `${s.path} ${s.message}`).join(" ")}`.toLowerCase();
  });

  // Filters
  const severities = ["error", "warning", "advice"].filter((one) => data.findings.some((f) => f.severity === one));
  const boxes = severities.map((one) => {
    const box = build("input", { type: "checkbox", value: one, id: `severity-${one}` });
    box.checked = true;
    box.addEventListener("change", update);
    const count = data.findings.filter((f) => f.severity === one).length;
    $("severities").append(build("label", { for: box.id }, box, ` ${one} (${count})`));
    return box;
  });
  const option = (select, value, text) => select.append(build("option", { value }, text));
  [...new Set(data.findings.map((f) => f.code))].sort().forEach((code) => {
    option($("code"), code, `${code} ${short(data.rules[code]?.[0] ?? "", 40)}`);
  });
  data.nodes
    .map((node, index) => [node.name, index])
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .forEach(([name, index]) => option($("step"), String(index), short(name, 48)));
  for (const id of ["code", "step"]) $(id).addEventListener("change", update);
  $("search").addEventListener("input", update);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("clear").addEventListener("click", () => {
    $("search").value = $("code").value = $("step").value = "";
    boxes.forEach((box) => { box.checked = true; });
    update();
  });

  // Graph
  const [width, height, boxWidth, boxHeight] = data.size;
  const picture = $("picture");
  const world = draw("g", {});
  const defs = draw("defs", {});
  const head = draw("marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto-start-reverse" });
  head.append(draw("path", { d: "M0 0L8 4L0 8z", fill: "currentColor" }));
  defs.append(head);
  picture.append(defs, world);
  // An edge from one band to another runs between the bands; the edges of a lane run side by side.
  const inLane = new Map();
  const throughLane = (x1, y1, x2, y2, lane) => {
    const used = inLane.get(lane) ?? 0;
    inLane.set(lane, used + 1);
    const shift = [0, 6, -6][used % 3];
    const [y, out, back, r] = [lane + shift, x1 + 18 + shift, x2 - 22 - shift, 6];
    const [first, along, last] = [Math.sign(y - y1), Math.sign(back - out), Math.sign(y2 - y)];
    return [`M${x1} ${y1}H${out - r}Q${out} ${y1} ${out} ${y1 + first * r}V${y - first * r}Q${out} ${y} ${out + along * r} ${y}`
      + `H${back - along * r}Q${back} ${y} ${back} ${y + last * r}V${y2 - last * r}Q${back} ${y2} ${back + r} ${y2}H${x2}`, back + 60 + 90 * (used % 3), y + 4];
  };
  const edges = data.edges.map(([from, to, label, forced, lane]) => {
    const [x1, y1] = [data.places[from][0] + boxWidth, data.places[from][1] + boxHeight / 2];
    const [x2, y2] = [data.places[to][0], data.places[to][1] + boxHeight / 2];
    const bend = Math.max((x2 - x1) / 2, 40);
    const [line, x, y] = lane === null
      ? [`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, (x1 + x2) / 2, (y1 + y2) / 2 - 7]
      : throughLane(x1, y1, x2, y2, lane);
    const path = draw("path", { class: forced ? "edge" : "edge loose", d: line, "marker-end": "url(#head)" });
    world.append(path);
    let text = null;
    if (label) {
      text = draw("text", { class: "flow", x, y, "text-anchor": "middle" }, short(label, 21));
      text.append(draw("title", {}, label));
    }
    return { from, to, path, text };
  });
  edges.forEach((edge) => { if (edge.text) world.append(edge.text); });
  const shapes = data.nodes.map((node, index) => {
    const [x, y] = data.places[index];
    const found = [node.errors ? plural(node.errors, "error") : "", node.warnings ? plural(node.warnings, "warning") : ""].filter(Boolean).join(", ");
    const classes = ["node", node.kind.replace(" ", "-"), node.errors ? "errors" : node.warnings ? "warnings" : ""].join(" ");
    const group = draw("g", { class: classes, transform: `translate(${x} ${y})`, tabindex: 0, role: "button", "aria-label": `${node.kind} ${node.name}${found ? `, ${found}` : ""}` });
    group.append(draw("title", {}, `${node.name}${node.detail ? ` (${node.detail})` : ""}${found ? `: ${found}` : ""}`));
    group.append(draw("rect", { class: "box", width: boxWidth, height: boxHeight, rx: 6 }), draw("rect", { class: "kind", x: 2, y: 2, width: 5, height: boxHeight - 4, rx: 2.5 }));
    group.append(draw("text", { x: 14, y: 19 }, short(node.kind === "step" || node.kind === "pipeline step" ? node.name : node.name.split("/").pop(), 23)));
    group.append(draw("text", { x: 14, y: 36, class: "sub" }, short(node.detail || node.kind, found ? 16 : 30)));
    if (found) group.append(draw("text", { x: boxWidth - 8, y: 36, class: node.errors ? "badge" : "badge w", "text-anchor": "end" }, found.length > 18 ? `${node.errors}E ${node.warnings}W` : found));
    group.addEventListener("click", () => choose(index));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); choose(index); }
    });
    group.addEventListener("focus", () => reveal(index));
    world.append(group);
    return group;
  });
  if (!data.nodes.length) world.append(draw("text", { x: 20, y: 30, class: "flow" }, "No steps and no launchers were found."));

  let view = { x: 0, y: 0, scale: 1 };
  function apply() {
    world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
    picture.classList.toggle("far", view.scale < 0.55);
    picture.classList.toggle("farther", view.scale < 0.3);
  }
  function fit() {
    const { width: w, height: h } = picture.getBoundingClientRect();
    const scale = Math.min((w - 64) / Math.max(width, 1), (h - 48) / Math.max(height, 1), 1.2);
    view = { scale, x: (w - width * scale) / 2, y: (h - height * scale) / 2 };
    apply();
  }
  // The first view on a telephone shows the first wrong node in a size that can be read.
  function start() {
    fit();
    const box = picture.getBoundingClientRect();
    if (box.width > 700 || view.scale > 0.5 || !data.nodes.length) return;
    const index = Math.max(data.nodes.findIndex((node) => node.errors), 0);
    const scale = 0.6;
    const within = (at, space, size) => (size <= space - 40 ? (space - size) / 2 : Math.min(Math.max(at, space - 20 - size), 20));
    view = {
      scale,
      x: within(20 - data.places[index][0] * scale, box.width, width * scale),
      y: within(box.height / 2 - (data.places[index][1] + boxHeight / 2) * scale, box.height, height * scale),
    };
    apply();
  }
  function zoom(factor, x, y) {
    const box = picture.getBoundingClientRect();
    const [cx, cy] = [x ?? box.width / 2, y ?? box.height / 2];
    const scale = Math.min(Math.max(view.scale * factor, 0.02), 4);
    view = { scale, x: cx - (cx - view.x) * (scale / view.scale), y: cy - (cy - view.y) * (scale / view.scale) };
    apply();
  }
  function reveal(index) {
    const box = picture.getBoundingClientRect();
    const [x, y] = [data.places[index][0] * view.scale + view.x, data.places[index][1] * view.scale + view.y];
    if (x < 0 || y < 0 || x + boxWidth * view.scale > box.width || y + boxHeight * view.scale > box.height) {
      view.x += box.width / 2 - x - (boxWidth * view.scale) / 2;
      view.y += box.height / 2 - y - (boxHeight * view.scale) / 2;
      apply();
    }
  }
  $("in").addEventListener("click", () => zoom(1.3));
  $("out").addEventListener("click", () => zoom(1 / 1.3));
  $("fit").addEventListener("click", fit);
  picture.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== picture && !picture.contains(document.activeElement)) return;
    event.preventDefault();
    const box = picture.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  picture.addEventListener("keydown", (event) => {
    const step = 60;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; apply(); }
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
  });
  const fingers = new Map();
  let moved = false;
  picture.addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, [event.clientX, event.clientY]); moved = false; });
  addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const span = (at) => Math.hypot(at[0] - other[0], at[1] - other[1]);
      const box = picture.getBoundingClientRect();
      zoom(span(now) / Math.max(span(before), 1), (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
    } else {
      view.x += now[0] - before[0];
      view.y += now[1] - before[1];
      if (Math.hypot(now[0] - before[0], now[1] - before[1]) > 3) moved = true;
      apply();
    }
    fingers.set(event.pointerId, now);
  });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => fingers.delete(event.pointerId));

  function choose(index) {
    if (moved) { moved = false; return; }
    $("step").value = index === null || $("step").value === String(index) ? "" : String(index);
    update();
  }
  function showDetails(index) {
    const panel = $("details");
    panel.replaceChildren();
    panel.hidden = index === null;
    if (index === null) return;
    const node = data.nodes[index];
    const close = build("button", { type: "button", "aria-label": "Close" }, "\u00d7");
    close.style.float = "right";
    close.addEventListener("click", () => { choose(null); });
    panel.append(close, build("h3", {}, node.name), build("div", {}, [node.kind, node.detail].filter(Boolean).join(", ")));
    const list = build("ul");
    node.files.forEach(([path, part]) => list.append(build("li", {}, `${part}: ${path}`)));
    panel.append(list);
    for (const [title, ends] of [["From", edges.filter((e) => e.to === index).map((e) => e.from)], ["To", edges.filter((e) => e.from === index).map((e) => e.to)]]) {
      if (!ends.length) continue;
      const others = build("ul");
      ends.forEach((end) => {
        const link = build("button", { type: "button" }, data.nodes[end].name);
        link.addEventListener("click", () => { $("step").value = String(end); update(); reveal(end); });
        others.append(build("li", {}, link));
      });
      panel.append(build("div", {}, title), others);
    }
  }

  // A long list is drawn in portions: a browser lays out thousands of rows too slowly.
  const PORTION = 50;
  function inPortions(target, button, row) {
    let items = [];
    let drawn = 0;
    const more = () => {
      const portion = items.slice(drawn, drawn + PORTION);
      target.append(...portion.map(row));
      drawn += portion.length;
      button.hidden = drawn >= items.length;
      button.textContent = `Show more (${items.length - drawn} left)`;
    };
    button.addEventListener("click", more);
    return (all) => {
      items = all;
      drawn = 0;
      target.replaceChildren();
      more();
    };
  }

  // Findings
  function code(side) {
    const pre = build("pre", { tabindex: 0, "aria-label": `${side.path} line ${side.line}` });
    const indents = side.lines.filter((line) => line.trim()).map((line) => line.search(/[^ ]/));
    const indent = Math.min(...indents, ...side.marks.map(([from]) => from));
    side.lines.forEach((whole, offset) => {
      const line = whole.slice(indent);
      const number = side.first + offset;
      const row = build("span", number === side.line ? { class: "here" } : {}, build("i", {}, String(number)));
      let at = 0;
      if (number === side.line) {
        for (const [from, to] of side.marks.map((mark) => mark.map((column) => column - indent))) {
          row.append(line.slice(at, from), build("mark", {}, line.slice(from, to)));
          at = to;
        }
      }
      row.append(line.slice(at));
      pre.append(row);
    });
    return pre;
  }
  function block(finding) {
    const side = finding.sides[0];
    const summary = build("summary", {}, build("span", { class: "code" }, `${finding.code} ${finding.severity}`), finding.message,
      build("span", { class: "where" }, `${side.path}:${side.line}${finding.step ? ` \u00b7 ${finding.step}` : ""}`));
    const details = build("details", { class: finding.severity }, summary);
    details.addEventListener("toggle", () => {
      if (!details.open || details.childElementCount > 1) return;
      const sides = build("div", { class: "sides" });
      finding.sides.forEach((one, index) => {
        const column = build("div", { class: "side" }, build("h4", {}, `${one.path} line ${one.line}`));
        column.append(build("p", {}, index ? one.message : "The finding"));
        if (one.lines.length) column.append(code(one));
        sides.append(column);
      });
      const link = build("a", { href: data.rules[finding.code][1], rel: "noreferrer" }, `${finding.code}: ${data.rules[finding.code][0]}`);
      details.append(sides, build("div", { class: "links" }, link, finding.more ? ` \u00b7 ${finding.more} more places` : ""));
      // A long line is moved until its mark is in sight.
      for (const pre of sides.querySelectorAll("pre")) {
        const mark = pre.querySelector("mark");
        if (!mark) continue;
        const [seen, end] = [pre.getBoundingClientRect(), mark.getBoundingClientRect().right + 16];
        if (end > seen.right) pre.scrollLeft = end - seen.right;
      }
    });
    return details;
  }
  const showFindings = inPortions($("list"), $("more"), block);

  function update() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const chosen = $("step").value === "" ? null : Number($("step").value);
    const wanted = data.findings.filter((finding) => levels.has(finding.severity)
      && (!$("code").value || finding.code === $("code").value)
      && (chosen === null || finding.nodes.includes(chosen) || finding.sides.some((s) => data.nodes[chosen].files.some(([path]) => path === s.path)))
      && words.every((word) => finding.words.includes(word)));
    showFindings(wanted);
    $("count").textContent = wanted.length === data.findings.length ? `(${wanted.length})` : `(${wanted.length} of ${data.findings.length})`;
    if (wanted.length) $("list").firstElementChild.open = true;
    else $("list").append(build("p", { class: "note" }, data.findings.length ? "No finding fits the filters." : "Nothing found."));
    const filtered = wanted.length !== data.findings.length && chosen === null;
    const marked = new Set(wanted.flatMap((finding) => finding.nodes));
    const near = new Set(chosen === null ? [] : [chosen, ...edges.filter((e) => e.from === chosen || e.to === chosen).flatMap((e) => [e.from, e.to])]);
    shapes.forEach((shape, index) => {
      const names = words.length ? words.every((word) => data.nodes[index].name.toLowerCase().includes(word)) : false;
      const dim = chosen !== null ? !near.has(index) : filtered && !marked.has(index) && !names;
      shape.classList.toggle("dim", dim);
      shape.classList.toggle("chosen", index === chosen);
    });
    edges.forEach((edge) => {
      const dim = chosen !== null ? edge.from !== chosen && edge.to !== chosen : filtered;
      edge.path.classList.toggle("dim", dim);
      edge.text?.classList.toggle("dim", dim);
    });
    showDetails(chosen);
  }

  // Coverage and summary
  const totals = [0, 1, 2].map((index) => data.coverage.reduce((sum, [, ...numbers]) => sum + numbers[index], 0));
  inPortions($("answers"), $("more-answers"), ([subject, ...numbers]) => {
    const all = numbers[0] + numbers[1] + numbers[2];
    const bar = build("div", { class: "bar", role: "img", "aria-label": `${numbers[0] + numbers[1]} of ${all} answered` });
    const fine = build("b");
    const reported = build("i");
    fine.style.width = `${(100 * numbers[1]) / Math.max(all, 1)}%`;
    reported.style.width = `${(100 * numbers[0]) / Math.max(all, 1)}%`;
    bar.append(reported, fine);
    return build("tr", {}, build("td", {}, subject), build("td", {}, bar), ...numbers.map((number) => build("td", {}, String(number))));
  })(data.coverage);
  const asked = totals[0] + totals[1] + totals[2];
  const count = (severity) => data.findings.filter((f) => f.severity === severity).length;
  $("summary").append(
    build("b", { class: count("error") ? "error" : "" }, plural(count("error"), "error")), ", ",
    build("b", { class: count("warning") ? "warning" : "" }, plural(count("warning"), "warning")),
    ` \u00b7 ${plural(data.nodes.filter((n) => n.kind === "step").length, "step")}, ${plural(data.nodes.filter((n) => n.kind === "launcher").length, "launcher")}`,
    asked ? ` \u00b7 ${Math.round((100 * (totals[0] + totals[1])) / asked)} % of ${plural(asked, "question")} answered` : "",
    data.leftOut ? ` \u00b7 ${data.leftOut} findings left out` : "");
  $("version").textContent = data.version;
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); $("search").focus(); }
  });
  let before = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== before) { before = innerWidth; start(); } });
  update();
  start();
  document.documentElement.dataset.ready = "true";
})();
