// The script of the questions, fetched when a reader comes near one.
{
  const source = document.currentScript.dataset.questions;
  const near = new IntersectionObserver(
    (seen) => {
      if (seen.some((each) => each.isIntersecting)) {
        near.disconnect();
        document.body.append(Object.assign(document.createElement("script"), { src: source }));
      }
    },
    { rootMargin: "100%" },
  );
  document.addEventListener("DOMContentLoaded", () => {
    for (const each of document.querySelectorAll("proverka-quiz, proverka-progress")) near.observe(each);
  });
}
