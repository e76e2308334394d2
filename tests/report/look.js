// Looks at the page that is open. Unless it says otherwise, a function returns faults as lines; none where all is well.
window.look = {
  landmarks() {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const faults = [];
    for (const tag of ["main", "h1", "header", "body > footer"]) {
      const found = all(tag).length;
      if (found !== 1) faults.push(`${found} of ${tag}`);
    }
    const names = all("nav").map((nav) => nav.getAttribute("aria-label"));
    if (!names.length || names.some((name) => !name)) faults.push("no nav, or one without a name");
    if (new Set(names).size < names.length) faults.push(`navs of one name: ${names}`);
    if (!document.title.trim()) faults.push("no title");
    if (!document.documentElement.lang) faults.push("no language");
    return faults;
  },

  headings() {
    const faults = [];
    let above = 0;
    for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const level = Number(heading.tagName[1]);
      if (level > above + 1) faults.push(`h${level} under h${above}: ${heading.textContent}`);
      if (!heading.textContent.trim()) faults.push(`an empty h${level}`);
      above = level;
    }
    return faults;
  },

  pictures() {
    const drawn = [...document.querySelectorAll("svg")].filter((svg) => !svg.parentElement.closest("svg"));
    const spoken = drawn.filter((svg) => svg.getAttribute("aria-hidden") !== "true");
    const mute = [
      ...[...document.images].filter((image) => !image.hasAttribute("alt")),
      ...spoken.filter((svg) => svg.getAttribute("role") !== "img" || !svg.getAttribute("aria-label")),
    ];
    return mute.map((picture) => `says nothing: ${picture.outerHTML.slice(0, 80)}`);
  },

  // Where the keyboard is.
  stop() {
    return [document.activeElement.getAttribute("href"), document.activeElement.getBoundingClientRect().left];
  },

  // Shows what was folded; the ids that stand in it.
  unfold() {
    const hidden = [...document.querySelectorAll("details:not([open]) [id]")].map((element) => element.id);
    for (const each of document.querySelectorAll("details")) each.open = true;
    return hidden;
  },

  // Whoever calls has pressed a key before, so that a focus set here shows as that of a keyboard.
  focus() {
    const faults = new Set();
    const stops = document.querySelectorAll("a[href], button, input, summary, [tabindex='0']");
    for (const stop of stops) {
      if (!stop.checkVisibility()) continue;
      stop.focus({ preventScroll: true });
      const name = `${stop.tagName} ${stop.className}`;
      const style = getComputedStyle(stop);
      if (document.activeElement !== stop) faults.add(`takes no focus: ${name}`);
      else if (style.outlineStyle === "none" || !parseFloat(style.outlineWidth)) faults.add(`hides its focus: ${name}`);
    }
    return [...faults];
  },

  wide() {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const scrolls = (element) => element && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const beyond = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > room + 1 && !scrolls(element.parentElement),
    );
    return [`${document.documentElement.scrollWidth} px`, ...beyond.slice(0, 5).map((element) => element.outerHTML.slice(0, 80))];
  },

  // Tables with columns that nobody gets to: beyond the window, and in nothing that scrolls there and takes the focus.
  reach() {
    const faults = [];
    const scroller = (element) => element && (/auto|scroll/.test(getComputedStyle(element).overflowX) ? element : scroller(element.parentElement));
    for (const table of document.querySelectorAll("table")) {
      if (!table.checkVisibility() || table.getBoundingClientRect().right <= innerWidth + 1) continue;
      const name = (table.caption ?? table).textContent.trim().slice(0, 40);
      const box = scroller(table.parentElement);
      if (!box) { faults.push(`does not scroll: ${name}`); continue; }
      if (box.tabIndex < 0) faults.push(`takes no focus: ${name}`);
      const before = box.scrollLeft;
      box.scrollLeft = box.scrollWidth;
      if (table.getBoundingClientRect().right > innerWidth + 1) faults.push(`has an end out of reach: ${name}`);
      box.scrollLeft = before;
    }
    return faults;
  },

  // Text with something else over its middle; the window has to be as high as the page, and pictures are not looked at.
  covered() {
    const faults = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const clips = (element) => element && (getComputedStyle(element).overflowX !== "visible" ? element : clips(element.parentElement));
    for (let text; (text = texts.nextNode()); ) {
      const own = text.parentElement;
      if (!text.data.trim() || own.closest("svg, script, style, option") || !own.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getClientRects()[0];
      if (!box || box.width < 2 || box.height < 2) continue;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const frame = clips(own)?.getBoundingClientRect();
      if (frame && (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom)) continue;
      const top = document.elementFromPoint(x, y);
      if (top && !own.contains(top) && !top.contains(own)) faults.push(`${text.data.trim().slice(0, 40)} under ${top.outerHTML.slice(0, 60)}`);
    }
    return faults;
  },

  // Every head that is a button sorts its column up, then down, then not at all.
  sorting() {
    const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    const value = (text) => {
      const plain = text.replaceAll("−", "-").replaceAll(",", "");
      const power = plain.match(/^(?:(-?[\d.]+)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
      if (!power) return parseFloat(plain);
      const exponent = [...power[2]].map((c) => (c === "⁻" ? "-" : digits.indexOf(c))).join("");
      return Number(power[1] ?? 1) * 10 ** Number(exponent);
    };
    const said = (cell) => [...cell.childNodes].filter((node) => node.nodeName !== "SMALL").map((node) => node.textContent).join("").trim();
    const faults = [];
    for (const table of document.querySelectorAll("table:has(thead button)")) {
      const rows = () => [...table.tBodies[0].rows].filter((row) => !row.classList.contains("reference"));
      const written = rows();
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const place = `${table.caption.textContent.slice(0, 40)}: ${head.textContent}`;
        for (const way of ["ascending", "descending", null]) {
          head.querySelector("button").click();
          if (head.getAttribute("aria-sort") !== way) faults.push(`${place}: ${head.getAttribute("aria-sort")}, not ${way}`);
          const sign = way === "descending" ? -1 : 1;
          const texts = rows().map((row) => said(row.cells[column]));
          const numbers = texts.map(value);
          const numeric = numbers.filter((number) => !isNaN(number));
          const wrong = numeric.length
            ? numeric.some((number, i) => i && sign * (number - numeric[i - 1]) < 0)
            : texts.some((text, i) => i && sign * texts[i - 1].localeCompare(text, "en") > 0);
          if (way && wrong) faults.push(`${place}: ${way} is ${texts.slice(0, 6)}`);
        }
        if (rows().some((row, i) => row !== written[i])) faults.push(`${place}: not as it was written`);
      });
    }
    return faults;
  },

  // Of the page's own two colours, its paper and its ink: how light they are, from 0 to 1.
  light() {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const of = (colour) => {
      const [r, g, b] = colour.match(/[\d.]+/g).map((c) => linear(c / 255));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = getComputedStyle(document.body);
    return [of(style.backgroundColor), of(style.color)];
  },
};
