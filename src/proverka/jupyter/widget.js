// A practice question in a notebook: proverka-quiz.js and kept.js stand above.

export default {
  initialize: pvInitialize,

  render({ model, el }) {
    const note = make("p", { className: "pv-note pv-kept" });
    const build = (saved, give) => {
      const questions = JSON.parse(el.querySelector("script").textContent);
      const [{ id, type }] = questions;
      mount(el.querySelector("form"), questions, {
        // A function is written in a cell, and its form has nothing to put it into.
        saved: type === "code" ? {} : { [id]: saved },
        onAnswer: (_question, answer) => give(answer),
      });
      el.append(note);
    };
    return pvView({ model, el }, build, note, () => "");
  },
};
