// What a script adds to pages that work without one: completions under the search field, and keys.
// Single-letter keys can be turned off at the foot of each page (WCAG 2.1.4).
"use strict";

const field = document.getElementById("q");

// --- Completions: an ARIA 1.2 combobox over /api/v1/suggest ---
if (field) {
  const list = document.createElement("ul");
  const told = document.createElement("p");
  let asked = 0;
  let timer = 0;
  let typed = field.value;

  list.id = "choices";
  list.className = "choices";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Propositions");
  told.className = "unseen";
  told.setAttribute("aria-live", "polite");
  field.parentNode.append(list, told);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "choices");
  field.setAttribute("aria-expanded", "false");

  const options = () => Array.from(list.children);
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    const all = options();
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) {
      field.value = typed;
      field.removeAttribute("aria-activedescendant");
    } else {
      field.value = all[index].textContent;
      field.setAttribute("aria-activedescendant", all[index].id);
    }
  };

  const show = (completions) => {
    if (!completions.length) {
      close();
      return;
    }
    list.replaceChildren(...completions.map((text, at) => {
      const option = document.createElement("li");
      option.id = `choice-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      return option;
    }));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
    told.textContent = completions.length === 1 ? "1 proposition" : `${completions.length} propositions`;
  };

  const ask = async () => {
    const mine = ++asked;
    const text = field.value;
    if (text.trim().length < 2) {
      close();
      return;
    }
    try {
      const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(text)}`);
      const completions = answer.ok ? (await answer.json())[1] : [];
      if (mine === asked && document.activeElement === field) show(completions);
    } catch {
      close(); // the server is away: the field works without completions
    }
  };

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      // One step past either end comes back to what was typed.
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen() + 1 + step + count + 1) % (count + 1) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      choose(-1);
      close();
    }
  });
  field.form.addEventListener("submit", () => { asked += 1; close(); });
  field.addEventListener("blur", () => { asked += 1; clearTimeout(timer); close(); });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) {
      choose(options().indexOf(option));
      field.form.requestSubmit();
    }
  });
}

// --- Keys: / to the field, n and p between the marks of an article ---
const kept = "depeche-keys";
const recall = () => { try { return localStorage.getItem(kept) !== "off"; } catch { return true; } };
let keysAreOn = recall();

const footer = document.querySelector(".foot ul");
if (footer) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  const label = () => {
    button.textContent = keysAreOn ? "Couper les raccourcis clavier" : "Rétablir les raccourcis clavier";
  };
  button.addEventListener("click", () => {
    keysAreOn = !keysAreOn;
    try { localStorage.setItem(kept, keysAreOn ? "on" : "off"); } catch { /* kept for this page only */ }
    label();
  });
  label();
  item.append(button);
  footer.append(item);
}

const go = (step) => {
  const marks = document.querySelectorAll(".hit");
  if (!marks.length) return;
  const here = Array.from(marks).findIndex((mark) => `#${mark.id}` === location.hash);
  const next = here < 0 ? (step > 0 ? 0 : marks.length - 1) : here + step;
  // Replaced, not added: Back leaves the article, as a reader expects.
  if (marks[next]) location.replace(`#${marks[next].id}`);
};

document.addEventListener("keydown", (event) => {
  if (!keysAreOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/" && field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "n") {
    go(1);
  } else if (event.key === "p") {
    go(-1);
  }
});
