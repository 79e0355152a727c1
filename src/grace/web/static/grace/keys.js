// Single keys. The page names what they do (data-key="t" on the control that "t" presses); the officer's own choice of
// keys comes in <body data-keys>: pressed key -> usual key. Empty: keys are switched off.
(() => {
  "use strict";
  const usual = JSON.parse(document.body.dataset.keys || "{}");
  const typing = (at) => at.closest("input:not([type=checkbox],[type=radio]), select, textarea, [contenteditable]");
  const shown = (control) => control.getClientRects().length > 0 && !control.disabled;
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);

  function walk(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = Math.max(0, Math.min(all.length - 1, at + step));
    all.forEach((row, index) => row.setAttribute("aria-selected", String(index === next)));
    const target = all[next].querySelector("[data-open]") || all[next].querySelector("a, button, input");
    if (target) target.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const here = document.querySelector("[data-row][aria-selected=true]"); // in a list, keys mean the row that is selected
    const fits = (one) => one.dataset.key === key && shown(one) && (!one.closest("[data-row]") || one.closest("[data-row]") === here);
    const control = [...document.querySelectorAll("[data-key]")].find(fits);
    if (!control) return false;
    if (control.matches("input, select, textarea")) control.focus();
    else control.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const key = Object.hasOwn(usual, event.key) ? usual[event.key] : "";
    if (!key) return;
    if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
    else if (!press(key)) return;
    event.preventDefault();
  });

  // In a wall of tiles arrows go from tile to tile, up and down by as many as stand in a line.
  const steps = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: (line) => -line, ArrowDown: (line) => line };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !Object.hasOwn(steps, event.key)) return;
    const part = event.target.closest("section");
    const tiles = part ? [...part.querySelectorAll(".wall a.cover, .wall button.cover")] : [];
    const at = tiles.indexOf(event.target.closest(".cover"));
    if (!tiles.length || (at < 0 && event.target !== part)) return;
    const line = tiles.filter((tile) => tile.getBoundingClientRect().top === tiles[0].getBoundingClientRect().top).length;
    const next = at < 0 ? 0 : at + steps[event.key](line);
    if (!tiles[next]) return;
    tiles[next].focus();
    event.preventDefault();
  });

  // Escape leaves a field, so that keys act again.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
  });

  function listKeys(dialog) {
    const list = dialog.querySelector(".keylist");
    list.replaceChildren(...[...document.querySelectorAll(".hints > span:not(.right)")].map((hint) => {
      const line = document.createElement("li");
      line.append(...[...hint.childNodes].map((node) => node.cloneNode(true)));
      return line;
    }));
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog.id === "keys") listKeys(dialog);
    dialog.showModal();
  });
})();
