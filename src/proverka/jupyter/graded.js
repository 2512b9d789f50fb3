// A question of a graded sheet: proverka-quiz.js and kept.js stand above. Every change is an answer; what
// it is worth nobody here knows.

/** Longer than between two keys, in milliseconds. */
const PV_PAUSE = 400;

/** The answer in a form, null if nothing was answered. */
function pvAnswer(field, question) {
  const answer = answerOf(field, question);
  if (question.type === "pin") return answer;
  return (isMap(answer) ? Object.values(answer).some(Boolean) : answer?.length) ? answer : null;
}

/** Put an answer into a form. */
function pvFill(field, controls, { question, place }, answer) {
  const { type, spots } = question;
  for (const each of controls) {
    if (/radio|checkbox/.test(each.type)) each.checked = [answer].flat().includes(each.value);
    else each.value = partOf(each) ? answer[partOf(each)] ?? "" : answer.text ?? answer;
  }
  if (type === "order") {
    const items = all(field, "[data-id]");
    items[0].parentElement.append(...answer.map((id) => items.find((each) => each.dataset.id === id)));
  }
  if (type === "pin") {
    const point = spots.find((each) => each.id === answer) ?? answer;
    place(point.x, point.y);
  }
}

export default {
  initialize: pvInitialize,

  render({ model, el }) {
    const question = model.get("task");
    const { type } = question;
    const note = make("span", { className: "pv-kept" });
    let timer = 0;
    /** Hands over what was changed and not yet handed over. */
    let flush = () => {};

    const build = (answer, give, fill) => {
      clearTimeout(timer);
      flush = () => {};
      // A function is written in the cell below.
      if (type === "code") return;
      const field = el.querySelector("fieldset");
      const controls = controlsOf(field, question);
      const moved = make("span", { className: "pv-unseen", role: "status" });
      // An order that nobody touched is no answer.
      const keep = button("Keep this order", () => {
        now();
        clear.focus();
      });
      const clear = button("Clear answer", () => {
        give(null);
        fill();
        all(el, "input, select, textarea, .pv-move")[0].focus();
      });
      const offer = (answered) => {
        clear.hidden = !answered;
        keep.hidden = answered || type !== "order";
      };
      const now = () => {
        clearTimeout(timer);
        flush = () => {};
        note.textContent = "";
        const found = pvAnswer(field, question);
        offer(found !== null);
        give(found);
      };
      const soon = () => {
        clearTimeout(timer);
        flush = now;
        note.textContent = "";
        timer = setTimeout(now, PV_PAUSE);
      };
      const asked = {
        question,
        field,
        controls,
        place: Object,
        clear() {},
        say(_seen, unseen) {
          moved.textContent = unseen;
          soon();
        },
      };
      field.append(make("div", { className: "pv-act" }, keep, clear, note, moved));
      if (type === "order") movable(asked);
      if (type === "pin") crosshair(asked);
      if (answer != null) pvFill(field, controls, asked, answer);
      offer(answer != null);
      field.addEventListener("input", ({ target }) => (/text/.test(target.type) ? soon() : now()));
      field.addEventListener("focusout", () => flush());
      // Before Ctrl+S, too.
      field.addEventListener("keydown", ({ key, target, ctrlKey, metaKey }) => {
        if (ctrlKey || metaKey || (key === "Enter" && target.type === "text")) flush();
      });
      field.form.addEventListener("submit", (event) => event.preventDefault());
    };

    el.classList.add("pv-graded");
    const done = () => (model.get("answer") === null ? "Answer cleared" : "Recorded");
    const end = pvView({ model, el }, build, note, done);
    return () => {
      flush();
      end();
    };
  },
};
