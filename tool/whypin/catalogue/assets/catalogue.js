// A filter box above each list. Without this script every list is there whole.
(() => {
  "use strict";

  const LISTS = ".whypin-packages, .whypin-everything, .whypin-decisions";

  function tableBehind(marker) {
    const next = marker.nextElementSibling;
    return next && (next.matches("table") ? next : next.querySelector("table"));
  }

  function build(marker, rows) {
    const input = document.createElement("input");
    input.type = "search";
    input.className = "whypin-filter";
    input.placeholder = "Filter: a name, a version, a state, a word of the decision";
    input.setAttribute("aria-label", "Filter the list");
    const count = document.createElement("span");
    count.className = "whypin-filter-count";
    count.setAttribute("role", "status");
    const texts = rows.map((row) => row.textContent.toLowerCase());
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = words.length ? `${shown} of ${rows.length}` : "";
    });
    marker.append(input, count);
  }

  function start() {
    for (const marker of document.querySelectorAll(LISTS)) {
      const table = tableBehind(marker);
      if (table && !marker.hasChildNodes()) {
        build(marker, [...table.tBodies[0].rows]);
      }
    }
  }

  // Themes that load pages without reloading announce each one there.
  if (typeof document$ !== "undefined") {
    document$.subscribe(start);
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
