// What a notebook adds to proverka-quiz.js, whose text stands above this one when a widget is made:
// one question, whose answer the kernel keeps.

const PV_WAITING =
  "Not recorded yet: the kernel is busy, or it has been restarted. If this stays, run the cell again and answer anew.";
const PV_ELSEWHERE =
  "The kernel knows this answer, but the notebook does not: the page was loaded again after the cell had run. Run the cell again to record it.";
// The same for every widget of a page and another when the page is loaded again.
const pvPage = `${performance.timeOrigin}`;

export default {
  /** A model made by a cell belongs to the page in which the cell ran: outputs are changed only there. */
  initialize({ model }) {
    if (model.get("page")) return;
    model.set("page", pvPage);
    model.save_changes();
  },

  render({ model, el }) {
    const note = document.createElement("p");
    note.className = "pv-note pv-kept";
    note.setAttribute("role", "status");
    let shown = "";
    let timer = 0;

    const tell = () => {
      clearTimeout(timer);
      const waiting = model.get("given") !== model.get("recorded");
      note.textContent = waiting ? PV_WAITING : model.get("page") === pvPage ? "" : PV_ELSEWHERE;
    };
    const give = (_question, answer) => {
      shown = JSON.stringify(answer);
      model.set("answer", answer);
      model.set("given", model.get("given") + 1);
      model.save_changes();
      clearTimeout(timer);
      timer = setTimeout(tell, 2000);
    };
    const build = () => {
      const answer = model.get("answer");
      shown = JSON.stringify(answer);
      el.innerHTML = model.get("html");
      const questions = JSON.parse(el.querySelector("script").textContent);
      const [{ id, type }] = questions;
      // A function is written in a cell, and its form has nothing to put it into.
      mount(el.querySelector("form"), questions, { saved: type === "code" ? {} : { [id]: answer }, onAnswer: give });
      el.append(note);
    };
    const follow = () => {
      if (JSON.stringify(model.get("answer")) !== shown) build();
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
    build();
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
  },
};
