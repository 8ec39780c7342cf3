// Filters and sorting for the lists. Without this script every list is there whole, in its own order.
(() => {
  "use strict";

  const LISTS = ".whypin-packages, .whypin-decisions";
  // What can be chosen from: the name in the address, the label, and the words in a row that are its values.
  const FACETS = [
    ["state", "State", ".whypin-chip:not(.whypin-flag)"],
    ["role", "Kind", ".whypin-role"],
    ["group", "Group", ".whypin-group"],
    ["tag", "Tag", ".whypin-tag"],
    ["owner", "Owner", ".whypin-owner"],
  ];
  const ATTENTION = ".whypin-flag, .whypin-is-undecided";
  const LONGEST = 60;
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const words = (node) => node.textContent.trim().replace(/\s+/g, " ");

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  function tableBehind(marker) {
    const next = marker.nextElementSibling;
    return next && (next.matches("table") ? next : next.querySelector("table"));
  }

  function read(row) {
    const values = {};
    for (const [key, , selector] of FACETS) {
      values[key] = new Set([...row.querySelectorAll(selector)].map(words));
    }
    return { row, values, text: words(row).toLowerCase(), attention: row.querySelector(ATTENTION) !== null, keys: [] };
  }

  // What a cell is sorted by: a number where it has one, else its words; null for a dash.
  function keyOf(item, column) {
    if (!(column in item.keys)) {
      const cell = item.row.cells[column];
      const data = cell.querySelector("data");
      const none = cell.querySelector(".whypin-none") !== null;
      item.keys[column] = none ? null : data ? Number(data.value) : words(cell);
    }
    return item.keys[column];
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : order.compare(a, b);
  }

  class List {
    constructor(marker, table, prefix) {
      this.table = table;
      this.prefix = prefix;
      this.body = table.tBodies[0];
      this.items = [...this.body.rows].map(read);
      this.heads = [...table.tHead.rows[0].cells];
      this.titles = this.heads.map(words);
      this.choices = new Map();
      this.sorted = { column: -1, down: false };
      this.describe(marker);
      this.controls(marker);
      this.headers();
      this.restore();
    }

    describe(marker) {
      if (marker.dataset.caption && !this.table.caption) {
        this.table.prepend(make("caption", { className: "whypin-unseen", textContent: marker.dataset.caption }));
      }
    }

    controls(marker) {
      this.input = make("input", { type: "search", className: "whypin-filter", autocomplete: "off" });
      this.input.placeholder = "A name, a version, a word of the decision";
      this.input.addEventListener("input", () => this.changed());
      const form = make("div", { className: "whypin-controls" });
      form.setAttribute("role", "search");
      form.setAttribute("aria-label", `Filter: ${marker.dataset.caption || "the list"}`);
      form.append(make("label", { className: "whypin-control whypin-control-text" }, "Filter", this.input));
      for (const [key, label] of FACETS) {
        const values = [...new Set(this.items.flatMap((item) => [...item.values[key]]))].sort(order.compare);
        if (values.length > 1 || (values.length === 1 && key === "role")) {
          const title = key === "state" && this.titles.find((one) => one.startsWith("Stat"));
          form.append(this.choice(key, title || label, values));
        }
      }
      this.attention = make("input", { type: "checkbox", className: "whypin-attention" });
      this.attention.addEventListener("change", () => this.changed());
      if (this.items.some((item) => item.attention)) {
        form.append(make("label", { className: "whypin-check" }, this.attention, "Needs attention"));
      }
      this.clear = make("button", { type: "button", className: "whypin-clear", textContent: "Clear", hidden: true });
      this.clear.addEventListener("click", () => this.reset());
      this.count = make("span", { className: "whypin-filter-count" });
      this.count.setAttribute("role", "status");
      form.append(this.clear, this.count);
      marker.append(form);
    }

    choice(key, label, values) {
      const select = make("select", { className: `whypin-choice whypin-choice-${key}` });
      select.append(make("option", { value: "", textContent: "any" }));
      for (const value of values) {
        const short = value.length > LONGEST ? `${value.slice(0, LONGEST)}\u2026` : value;
        select.append(make("option", { value, textContent: short }));
      }
      select.addEventListener("change", () => this.changed());
      this.choices.set(key, select);
      return make("label", { className: "whypin-control" }, label, select);
    }

    headers() {
      this.heads.forEach((head, column) => {
        const button = make("button", { type: "button", className: "whypin-sort", textContent: this.titles[column] });
        button.addEventListener("click", () => {
          const again = this.sorted.column === column;
          this.sort(column, again && !this.sorted.down);
          this.remember();
        });
        head.replaceChildren(button);
        head.scope = "col";
      });
    }

    // Rows move once, in one piece; those with a dash come last in both directions.
    sort(column, down) {
      this.sorted = { column, down };
      this.heads.forEach((head, at) => {
        if (at === column) {
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
        } else {
          head.removeAttribute("aria-sort");
        }
      });
      const sorted = [...this.items];
      if (column >= 0) {
        sorted.sort((one, other) => {
          const [a, b] = [keyOf(one, column), keyOf(other, column)];
          if (a === null || b === null) {
            return (a === null) - (b === null);
          }
          return down ? compare(b, a) : compare(a, b);
        });
      }
      const rows = document.createDocumentFragment();
      rows.append(...sorted.map((item) => item.row));
      this.body.append(rows);
    }

    filter() {
      const wanted = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = [...this.choices].filter(([, select]) => select.value);
      const active = wanted.length > 0 || chosen.length > 0 || this.attention.checked;
      let shown = 0;
      for (const item of this.items) {
        const hidden = !(
          wanted.every((word) => item.text.includes(word)) &&
          chosen.every(([key, select]) => item.values[key].has(select.value)) &&
          (item.attention || !this.attention.checked)
        );
        shown += hidden ? 0 : 1;
        if (item.row.hidden !== hidden) {
          item.row.hidden = hidden;
        }
      }
      this.clear.hidden = !active;
      this.count.textContent = active ? `${shown} of ${this.items.length}` : "";
    }

    changed() {
      this.filter();
      this.remember();
    }

    reset() {
      this.input.value = "";
      this.choices.forEach((select) => (select.value = ""));
      this.attention.checked = false;
      this.changed();
      this.input.focus();
    }

    // The state as it stands in the address: what differs from the list as it comes.
    state() {
      const state = { q: this.input.value, attention: this.attention.checked ? "1" : "" };
      for (const [key, select] of this.choices) {
        state[key] = select.value;
      }
      const { column, down } = this.sorted;
      state.sort = column < 0 ? "" : `${down ? "-" : ""}${this.titles[column].toLowerCase().replace(/ /g, "-")}`;
      return state;
    }

    // Browsers limit how often an address may change: it follows when the typing pauses.
    remember() {
      clearTimeout(this.waiting);
      const address = location.pathname;
      this.waiting = setTimeout(() => {
        if (location.pathname !== address) {
          return;
        }
        const asked = new URLSearchParams(location.search);
        for (const [key, value] of Object.entries(this.state())) {
          if (value) {
            asked.set(this.prefix + key, value);
          } else {
            asked.delete(this.prefix + key);
          }
        }
        const query = asked.toString();
        try {
          history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
        } catch {
          // Some browsers refuse this for a file: the view works, but cannot be sent.
        }
      }, 150);
    }

    restore() {
      const asked = new URLSearchParams(location.search);
      const value = (key) => asked.get(this.prefix + key) || "";
      this.input.value = value("q");
      this.attention.checked = value("attention") !== "" && this.items.some((item) => item.attention);
      for (const [key, select] of this.choices) {
        select.value = value(key);
        if (select.selectedIndex < 0) {
          select.value = "";
        }
      }
      const sort = value("sort");
      const titles = this.titles.map((title) => title.toLowerCase().replace(/ /g, "-"));
      const column = titles.indexOf(sort.replace(/^-/, ""));
      if (column >= 0) {
        this.sort(column, sort.startsWith("-"));
      }
      this.filter();
    }
  }

  function start() {
    document.querySelectorAll(LISTS).forEach((marker, at) => {
      const table = tableBehind(marker);
      if (table && table.tBodies.length && !marker.hasChildNodes()) {
        new List(marker, table, at ? `${at}.` : "");
      }
    });
    for (const marker of document.querySelectorAll(".whypin-table[data-caption]")) {
      const table = tableBehind(marker);
      if (table && !table.caption) {
        table.prepend(make("caption", { className: "whypin-unseen", textContent: marker.dataset.caption }));
        table.querySelectorAll("thead th").forEach((head) => (head.scope = "col"));
      }
    }
    reach();
  }

  // A table that scrolls by itself can be reached, and so scrolled, by the keyboard.
  function reach() {
    for (const marker of document.querySelectorAll(".whypin-table")) {
      const table = marker.matches(LISTS) ? null : tableBehind(marker);
      const scrolls = table && /auto|scroll/.test(getComputedStyle(table).overflowX);
      if (scrolls && table.scrollWidth > table.clientWidth) {
        table.tabIndex = 0;
      } else if (table) {
        table.removeAttribute("tabindex");
      }
    }
  }

  window.addEventListener("resize", reach);
  // Themes that load pages without reloading announce each one there.
  if (typeof document$ !== "undefined") {
    document$.subscribe(start);
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
