// The front page: claims are found by words and filters, whose choice the address keeps; leaderboards show chosen columns.
{
  const find = document.getElementById("find");
  const filters = document.querySelector("form.filters");
  const selects = [...filters.querySelectorAll("select")];
  const shown = filters.querySelector("output");
  const rows = [...document.querySelector("table.claims").tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase().replace(/\s+/g, " "));
  filters.hidden = false;

  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = selects.filter((select) => select.value);
    let count = 0;
    rows.forEach((row, i) => {
      const fits = chosen.every((select) => row.dataset[select.name].split(" ").includes(select.value));
      row.hidden = !(fits && words.every((word) => texts[i].includes(word)));
      count += !row.hidden;
    });
    document.body.classList.toggle("searching", words.length > 0);
    shown.textContent = `${count} of ${rows.length} claims`;
  };

  const address = () => {
    const state = new URLSearchParams();
    if (find.value.trim()) state.set("q", find.value.trim());
    for (const select of selects) if (select.value) state.set(select.name, select.value);
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  };

  // An address with a = holds a choice; others lead to a place on the page.
  const restore = () => {
    if (!location.hash.includes("=")) return;
    const state = new URLSearchParams(location.hash.slice(1));
    find.value = state.get("q") ?? "";
    for (const select of selects) select.value = state.get(select.name) ?? "";
    apply();
    document.getElementById("claims").scrollIntoView();
  };

  const changed = () => {
    apply();
    address();
  };
  find.addEventListener("input", changed);
  find.form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById("claims").scrollIntoView();
  });
  filters.addEventListener("input", changed);
  filters.addEventListener("reset", () => {
    find.value = "";
    setTimeout(changed);
  });
  addEventListener("hashchange", restore);
  restore();

  for (const board of document.querySelectorAll(".board")) {
    const choices = board.querySelector(".columns");
    const lines = [...board.querySelector("table").rows];
    const show = (box) => lines.forEach((line) => (line.cells[box.value].hidden = !box.checked));
    for (const box of choices.querySelectorAll("input")) {
      box.addEventListener("change", () => show(box));
      show(box);
    }
    choices.hidden = false;
  }
}
