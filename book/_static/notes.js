// The note of a claim beside its number: on hover and focus, and on a click or tap, which keeps it open.
// Without this script a number is a link to the note at the end of the page; with the keyboard it stays one.
(() => {
  "use strict";
  let card, shown, kept, timer;

  /** @param {HTMLAnchorElement} mark */
  function show(mark) {
    clearTimeout(timer);
    const note = document.getElementById(decodeURIComponent(mark.hash.slice(1)));
    if (mark === shown || !note) return;
    hide();
    shown = mark;
    card.replaceChildren(...[...note.children].map((each) => each.cloneNode(true)));
    const all = card.appendChild(document.createElement("p"));
    all.append(Object.assign(document.createElement("a"), { href: mark.hash, textContent: `Note ${mark.textContent} of this page` }));
    // A reader who cannot see it has the link to the note itself.
    for (const link of card.querySelectorAll("a")) link.tabIndex = -1;
    for (const each of card.querySelectorAll("[id]")) each.removeAttribute("id");
    card.hidden = false;
    mark.classList.add("claim-open");
    // Beside the column, so that it lies over nothing, if there is room for a few words a line.
    const column = mark.closest("article").getBoundingClientRect();
    const line = mark.getBoundingClientRect();
    const room = document.documentElement.clientWidth - column.right - 32;
    const wide = room >= 200;
    card.classList.toggle("note-beside", wide);
    card.style.inlineSize = wide ? `${Math.min(room, 272)}px` : "";
    if (wide) {
      const top = Math.min(line.top - 8, innerHeight - card.offsetHeight - 16);
      card.style.top = `${Math.max(top, 16) + scrollY}px`;
      card.style.left = `${column.right + 16 + scrollX}px`;
    } else {
      card.style.top = card.style.left = "";
    }
  }

  function hide() {
    clearTimeout(timer);
    shown?.classList.remove("claim-open");
    shown = kept = undefined;
    card.hidden = true;
  }

  const soon = (act, wait) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
  const markOf = (event) => event.target.closest?.(".claim-mark a");
  const inside = (event) => card.contains(event.target);

  function start() {
    if (!document.querySelector(".claim-notes")) return;
    card = document.body.appendChild(document.createElement("div"));
    card.className = "note-card";
    card.setAttribute("aria-hidden", "true");
    card.hidden = true;
    document.addEventListener("pointerover", (event) => {
      const mark = markOf(event);
      if (event.pointerType === "touch" || kept) return;
      if (mark) soon(() => show(mark), 120);
      else if (inside(event)) clearTimeout(timer);
      else if (shown) soon(hide, 300);
    });
    document.addEventListener("focusin", (event) => {
      const mark = markOf(event);
      if (mark?.matches(":focus-visible")) show(mark);
      else if (shown && !mark && !inside(event)) hide();
    });
    document.addEventListener("click", (event) => {
      const mark = markOf(event);
      // A click by keyboard has no detail: it follows the link, as do clicks that open another tab.
      if (mark && event.detail && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        if (kept === mark) return hide();
        show(mark);
        kept = mark;
      } else if (!inside(event) || event.target.closest("a")) hide();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && shown) hide();
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
