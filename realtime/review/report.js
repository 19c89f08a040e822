"use strict";
// Moves the picture: a click on a chart or a strip shows that stride below.
(() => {
  const source = document.getElementById("data");
  const dock = document.getElementById("dock");
  if (!source || !dock) return;
  const data = JSON.parse(source.textContent);
  const MISSING = -32768;
  const figures = data.figures ? unpack(data.figures) : null;
  const picturesOf = new Map(data.pictures);
  let chosen = -1;

  function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new DataView(bytes.buffer);
  }

  function joint(row, instant, k) {
    const at = (((row * 4 + instant) * data.joints + k) * 2) * 2;
    const x = figures.getInt16(at, true), y = figures.getInt16(at + 2, true);
    return x === MISSING || y === MISSING ? null : [x, y];
  }

  function element(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function draw(row, instant) {
    const [x, y, width, height] = data.box;
    const svg = element("svg", {
      class: "figure", viewBox: `${x} ${y} ${width} ${height}`, role: "img",
      "aria-label": data.words.figures[instant],
    });
    for (const [part, a, b] of data.bones) {
      const from = joint(row, instant, a), to = joint(row, instant, b);
      if (from && to) {
        svg.append(element("line", {
          class: `bone ${part}`, x1: from[0], y1: from[1], x2: to[0], y2: to[1],
        }));
      }
    }
    const nose = joint(row, instant, 0), ear = joint(row, instant, 1);
    if (nose && ear) {
      svg.append(element("circle", {
        class: "bone m", cx: (nose[0] + ear[0]) / 2, cy: (nose[1] + ear[1]) / 2,
        r: Math.round(height * data.head),
      }));
    }
    return svg;
  }

  function show(metric, value) {
    if (value === null) return "–";
    const number = (value * metric.factor).toFixed(metric.digits);
    const text = Number(number) === 0 ? number.replace("-", "") : number.replace("-", "−");
    const written = text.replace(".", data.words.decimalMark);
    return metric.unit === "°" ? written + "°" : `${written} ${metric.unit}`.trim();
  }

  function clock(seconds) {
    const whole = Math.max(Math.round(seconds), 0);
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  }

  function filled(words, values) {
    return words.replace(/\{(\w+)\}/g, (place, name) => values[name]);
  }

  function select(row) {
    chosen = Math.min(Math.max(row, 0), data.contact.length - 1);
    const t = data.contact[chosen];
    for (const svg of document.querySelectorAll("svg.time")) {
      const share = t / Number(svg.dataset.end);
      const x = data.axis[0] + share * (data.axis[1] - data.axis[0]);
      const cursor = svg.querySelector(".cursor");
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      cursor.style.visibility = "visible";
    }
    document.getElementById("dock-title").textContent = filled(data.words.title, {
      number: data.number[chosen],
      leg: data.left[chosen] ? data.words.left : data.words.right,
      far: data.near[chosen] ? "" : data.words.far,
      time: clock(t),
      verdict: data.words.verdicts[data.verdict[chosen]],
    });
    const list = document.getElementById("dock-values");
    list.replaceChildren(...data.metrics.slice(0, 8).map((metric) => {
      const item = document.createElement("span");
      const name = document.createElement("small");
      name.textContent = metric.name;
      item.append(name, show(metric, metric.values[chosen]));
      return item;
    }));
    const place = document.getElementById("dock-pictures");
    place.replaceChildren();
    const pictures = picturesOf.get(chosen);
    if (pictures) {
      for (const url of pictures) {
        const image = new Image();
        image.src = url;
        image.alt = data.words.picture;
        place.append(image);
      }
    } else if (figures) {
      for (let instant = 0; instant < 4; instant += 1) place.append(draw(chosen, instant));
    }
    dock.hidden = false;
    dock.dataset.row = chosen;
    document.body.classList.add("docked");
  }

  function nearest(t) {
    let low = 0, high = data.contact.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (data.contact[middle] < t) low = middle + 1; else high = middle;
    }
    return low > 0 && t - data.contact[low - 1] < data.contact[low] - t ? low - 1 : low;
  }

  function step(by) {
    let row = chosen + by;
    while (row >= 0 && row < data.contact.length && data.left[row] !== data.left[chosen]) row += by;
    if (row >= 0 && row < data.contact.length) select(row);
  }

  function hide() {
    dock.hidden = true;
    document.body.classList.remove("docked");
    for (const cursor of document.querySelectorAll(".cursor")) cursor.style.visibility = "hidden";
  }

  document.addEventListener("click", (event) => {
    const strip = event.target.closest("[data-stride]");
    if (strip) { select(Number(strip.dataset.stride)); return; }
    const svg = event.target.closest("svg.time");
    if (svg && data.contact.length) {
      const frame = svg.getBoundingClientRect();
      const x = (event.clientX - frame.left) / frame.width * data.axis[2];
      const share = (x - data.axis[0]) / (data.axis[1] - data.axis[0]);
      select(nearest(share * Number(svg.dataset.end)));
    }
  });
  document.getElementById("dock-back").addEventListener("click", () => step(-1));
  document.getElementById("dock-on").addEventListener("click", () => step(1));
  document.getElementById("dock-close").addEventListener("click", hide);
  document.addEventListener("keydown", (event) => {
    if (dock.hidden || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
  });
})();
