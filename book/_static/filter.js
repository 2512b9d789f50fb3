// Leaves only those claims of a page that a reader asks for: see claim_filter.py.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector(".claim-filter");
  if (!form) return;
  const [words, choice, said] = form.querySelectorAll("input, select, p");
  const claims = [...form.nextElementSibling.children].map((item) => ({
    item,
    status: item.querySelector(".claim-status").textContent,
    text: item.textContent.toLowerCase(),
  }));
  form.addEventListener("input", () => {
    const asked = words.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const { item, status, text } of claims) {
      item.hidden = (choice.value && status !== choice.value) || !asked.every((each) => text.includes(each));
      shown += !item.hidden;
    }
    said.textContent = `${shown} of ${claims.length} claims`;
  });
  form.addEventListener("submit", (event) => event.preventDefault());
});
