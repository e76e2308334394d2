// The explorer: each arm is a file that calls explorer.add, since pages opened from disk may load scripts and nothing else.
const explorer = (() => {
  const one = (selector) => document.querySelector(selector);
  const form = one("form.explore"), boxes = [...document.querySelectorAll(".arms [type=checkbox]")];
  const slider = one("#moment"), said = one(".slide output"), room = one(".plot"), moments = one(".moments");
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const known = new Map();
  let plot = null, wanted = "", share = 1, drawing = 0;
  form.addEventListener("submit", (event) => event.preventDefault());

  const chosen = () => boxes.filter((box) => box.checked && known.has(box.value)).map((box) => known.get(box.value));
  const ink = (arm) => (arm.colour === "#000000" ? css("--black") : arm.colour);

  // Arms of one method have its colour; dashes tell them apart.
  const dashes = [[], [8, 4], [2, 3], [10, 4, 2, 4]];
  const dash = (arm) => dashes[chosen().filter((other) => other.colour === arm.colour).indexOf(arm) % dashes.length];

  const seconds = (arm, step) => {
    const [steps, clock] = arm.clock;
    const after = steps.findIndex((other) => other >= step);
    if (after <= 0) return clock[after < 0 ? clock.length - 1 : 0];
    const part = (step - steps[after - 1]) / (steps[after] - steps[after - 1]);
    return clock[after - 1] + part * (clock[after] - clock[after - 1]);
  };
  const place = (arm, step) => (form.x.value === "steps" ? step : seconds(arm, step));

  // The checkpoint of an arm at the slider: the same share of its own training.
  const checkpoint = (arm) => {
    return Math.round(share * (arm.sheet.steps.length - 1));
  };

  const mean = (values) => {
    const there = values.filter((value) => value !== null);
    return there.length ? there.reduce((a, b) => a + b, 0) / there.length : null;
  };
  const extreme = (values, of) => {
    const there = values.filter((value) => value !== null);
    return there.length ? of(...there) : null;
  };

  // The table that uPlot takes, one x for all; and how each of its columns is drawn.
  const table = () => {
    const tables = [], series = [{}], bands = [];
    for (const arm of chosen()) {
      const own = arm.series[form.y.value];
      if (!own) continue;
      const x = own.steps.map((step) => place(arm, step)), seeds = Object.entries(own.seeds);
      const at = own.steps.map((_, i) => seeds.map(([, values]) => values[i]));
      const line = { stroke: ink(arm), dash: dash(arm), width: 2, spanGaps: true, points: { show: x.length < 30, size: 4 } };
      if (form.seeds.value === "each") {
        tables.push([x, ...seeds.map(([, values]) => values)]);
        for (const [seed] of seeds) series.push({ ...line, width: 1, label: `${arm.label}, seed ${seed}` });
      } else {
        const first = series.length;
        tables.push([x, at.map(mean), at.map((v) => extreme(v, Math.max)), at.map((v) => extreme(v, Math.min))]);
        const edge = { ...line, width: 0, points: { show: false } };
        series.push({ ...line, label: arm.label }, { ...edge, label: "highest" }, { ...edge, label: "lowest" });
        bands.push({ series: [first + 1, first + 2], fill: `${ink(arm)}2e` });
      }
    }
    return { data: tables.length ? uPlot.join(tables) : null, series, bands };
  };

  const positive = (data) => data.slice(1).every((column) => column.every((v) => v == null || v > 0));

  // A marker at the slider's moment on every curve.
  const marks = (u) => {
    const pen = u.ctx;
    pen.save();
    for (const arm of chosen()) {
      const own = arm.series[form.y.value];
      if (!own || !arm.sheet.steps.length) continue;
      const step = arm.sheet.steps[checkpoint(arm)], value = at(arm, own, step);
      if (value === null) continue;
      const x = u.valToPos(place(arm, step), "x", true), y = u.valToPos(value, "y", true);
      pen.beginPath();
      pen.arc(x, y, 6 * devicePixelRatio, 0, 2 * Math.PI);
      pen.fillStyle = ink(arm);
      pen.strokeStyle = css("--paper");
      pen.lineWidth = 2 * devicePixelRatio;
      pen.fill();
      pen.stroke();
    }
    pen.restore();
  };

  // The mean over seeds at the last recorded step that is not after this one.
  const at = (arm, own, step) => {
    const i = own.steps.findLastIndex((other) => other <= step);
    return mean(Object.values(own.seeds).map((values) => values[Math.max(0, i)]));
  };

  const draw = () => {
    plot?.destroy();
    plot = null;
    room.replaceChildren();
    const { data, series, bands } = table();
    if (!data) {
      room.textContent = chosen().length ? "No chosen arm has this curve." : "Choose an arm.";
      return show();
    }
    const log = form.scale.value === "log" && positive(data);
    const axis = { stroke: css("--ink"), grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--grid") } };
    plot = new uPlot(
      {
        width: room.clientWidth, height: Math.max(260, Math.min(420, innerHeight * 0.5)), series, bands,
        scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
        axes: [{ ...axis, label: form.x.selectedOptions[0].text }, { ...axis, label: form.y.value, size: 64 }],
        legend: { show: false }, cursor: { drag: { x: true, y: false } }, hooks: { draw: [marks] },
      },
      data,
      room,
    );
    show();
  };

  // Samples and values at the slider's moment.
  const show = () => {
    moments.replaceChildren(
      ...chosen().map((arm) => {
        const card = document.createElement("figure"), words = document.createElement("figcaption");
        const { file, steps, width, height } = arm.sheet, i = checkpoint(arm), own = arm.series[form.y.value];
        if (steps.length) {
          const tile = document.createElement("span");
          tile.className = "tile";
          tile.role = "img";
          tile.ariaLabel = `Samples of ${arm.label} at step ${steps[i]}`;
          tile.style.cssText = `width:${width}px;height:${height}px;background:url("${file}") 0 -${i * height}px`;
          card.append(tile);
        }
        const value = own && steps.length ? at(arm, own, steps[i]) : null;
        const link = document.createElement("a");
        link.href = arm.page;
        link.textContent = arm.label;
        const key = document.createElement("span");
        key.className = "key";
        key.style.background = ink(arm);
        words.append(key, link, `; step ${(steps[i] ?? 0).toLocaleString("en")}`);
        if (value !== null) words.append(`; ${form.y.value} ${Number(value.toPrecision(3))}`);
        card.append(words);
        return card;
      }),
    );
    said.textContent = `${Math.round(100 * share)} %`;
    plot?.redraw(false);
    address();
  };

  // The curves that some chosen arm has, in the order of the first. A quality comes first: estimates differ in unit.
  const offer = () => {
    const names = [...new Set(chosen().flatMap((arm) => Object.keys(arm.series)))];
    const shown = names.includes(wanted) ? wanted : names.find((name) => /^(FID|Exact W1) /.test(name)) ?? names[0];
    form.y.replaceChildren(...names.map((name) => new Option(name, name, false, name === shown)));
    // A step of the slider is a checkpoint of the arm that has most.
    slider.max = Math.max(1, ...chosen().map((arm) => arm.sheet.steps.length - 1));
    slider.value = Math.round(share * slider.max);
  };

  const soon = () => {
    cancelAnimationFrame(drawing);
    drawing = requestAnimationFrame(() => {
      offer();
      draw();
    });
  };

  const load = (box) => {
    if (!box.checked || known.has(box.value)) return soon();
    const script = document.createElement("script");
    script.src = box.dataset.file;
    document.head.append(script);
  };

  const address = () => {
    const state = new URLSearchParams();
    state.set("arms", boxes.filter((box) => box.checked).map((box) => box.value).join(","));
    for (const name of ["y", "x", "seeds", "scale"]) state.set(name, form[name].value);
    state.set("at", share.toFixed(3));
    history.replaceState(null, "", `#${state}`);
  };

  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(1));
    const asked = (state.get("arms") ?? "").split(",").filter(Boolean);
    const start = asked.length ? asked : one(".arms").dataset.start.split(",");
    for (const name of ["x", "seeds", "scale"]) if (state.has(name)) form[name].value = state.get(name);
    wanted = state.get("y") ?? wanted;
    share = Math.min(1, Math.max(0, Number(state.get("at") ?? share) || 0));
    for (const box of boxes) {
      box.checked = start.includes(box.value);
      load(box);
    }
  };

  form.addEventListener("change", () => {
    wanted = form.y.value;
    draw();
  });
  slider.addEventListener("input", () => {
    share = slider.value / slider.max;
    show();
  });
  for (const box of boxes) box.addEventListener("change", () => load(box));
  one("#filter").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const box of boxes) {
      const text = box.parentElement.textContent.toLowerCase();
      box.parentElement.hidden = !words.every((word) => text.includes(word)) && !box.checked;
    }
  });
  addEventListener("resize", soon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
  return { add: (arm) => (known.set(arm.id, arm), soon()), restore };
})();
explorer.restore();
