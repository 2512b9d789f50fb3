// What widgets of a notebook share, between proverka-quiz.js, whose text stands above this one when a widget
// is made, and the widget’s own: an answer that the kernel keeps, and what says whether it has it.

const PV_WAITING =
  "Not recorded yet: the kernel is busy, or it has been restarted. If this stays, run the cell again and answer anew.";
const PV_ELSEWHERE =
  "The kernel knows this answer, but the notebook does not: the page was loaded again after the cell had run. Run the cell again to record it.";
// The same for every widget of a page and another when the page is loaded again.
const pvPage = `${performance.timeOrigin}`;

/** A model made by a cell belongs to the page in which the cell ran: outputs are changed only there. */
function pvInitialize({ model }) {
  if (model.get("page")) return;
  model.set("page", pvPage);
  model.save_changes();
}

/**
 * Shows a widget until what it returns is called. `build(answer, give, fill)` completes the form that stands
 * in the element, with the answer to begin with, what hands over another, and what shows the form anew.
 * `note` is the live region, and `done` gives what it says of an answer that has arrived.
 */
function pvView({ model, el }, build, note, done) {
  note.setAttribute("role", "status");
  let shown = "";
  let timer = 0;

  const tell = () => {
    clearTimeout(timer);
    const waiting = model.get("given") !== model.get("recorded");
    note.textContent = waiting ? PV_WAITING : model.get("page") === pvPage ? done() : PV_ELSEWHERE;
  };
  const give = (answer) => {
    shown = JSON.stringify(answer);
    model.set("answer", answer);
    model.set("given", model.get("given") + 1);
    model.save_changes();
    clearTimeout(timer);
    timer = setTimeout(tell, 2000);
  };
  const fill = () => {
    const answer = model.get("answer");
    shown = JSON.stringify(answer);
    el.innerHTML = model.get("html");
    build(answer, give, fill);
  };
  const follow = () => {
    if (JSON.stringify(model.get("answer")) !== shown) fill();
  };
  // JupyterLab takes single keys, such as the arrows that move between options, unless the element
  // that has the focus says no. With Ctrl it is still asked to save, and Escape leads back to the cell.
  const keep = ({ target, key, ctrlKey, metaKey }) => {
    if (!el.contains(target)) return;
    target.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
    if (key === "Escape") el.closest(".jp-Cell")?.focus();
  };
  // It also lets no line break into a text within a cell, unless it does not learn of it.
  const write = (event) => event.stopPropagation();

  el.classList.add("pv-widget");
  fill();
  model.on("change:answer", follow);
  model.on("change:recorded", tell);
  addEventListener("keydown", keep, true);
  el.addEventListener("beforeinput", write, true);
  return () => {
    clearTimeout(timer);
    model.off("change:answer", follow);
    model.off("change:recorded", tell);
    removeEventListener("keydown", keep, true);
    el.removeEventListener("beforeinput", write, true);
  };
}
