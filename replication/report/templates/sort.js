// Heads of columns become buttons that sort the rows. Without scripts a table is as it was written.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const written = [...body.rows];
  const fixed = written.filter((row) => row.classList.contains("reference"));
  const free = written.filter((row) => !row.classList.contains("reference"));
  const heads = [...table.tHead.rows[0].cells];
  const said = (row, column) => {
    const cell = row.cells[column].cloneNode(true);
    cell.querySelectorAll("small").forEach((note) => note.remove());
    return cell.textContent.trim();
  };
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const number = (text) => {
    const plain = text.replace(/−/g, "-").replace(/,/g, "");
    const power = plain.match(/^(?:(-?[\d.]+)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
    if (!power) return parseFloat(plain);
    const exponent = [...power[2]].map((c) => (c === "⁻" ? "-" : digits.indexOf(c))).join("");
    return Number(power[1] ?? 1) * 10 ** Number(exponent);
  };
  const order = (column) => (a, b) => {
    const [x, y] = [said(a, column), said(b, column)];
    const [m, n] = [number(x), number(y)];
    if (!isNaN(m) && !isNaN(n) && m !== n) return m - n;
    if (isNaN(m) !== isNaN(n)) return isNaN(m) ? 1 : -1;
    return x.localeCompare(y, "en");
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "none" }[head.ariaSort] || "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (next !== "none") head.setAttribute("aria-sort", next);
      const rows = next === "none" ? free : [...free].sort(order(column));
      body.append(...fixed, ...(next === "descending" ? rows.reverse() : rows));
    });
  });
}
