// A field and a list above the claims of a page, which leave only those that a reader asks for.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("ul.evidence");
  if (!list) return;
  const claims = [...list.children].map((item) => ({
    item,
    status: item.querySelector(".claim-status").textContent,
    text: item.textContent.toLowerCase(),
  }));
  const statuses = [...new Set(claims.map((each) => each.status))];
  const form = document.createElement("form");
  form.className = "claim-filter";
  form.innerHTML =
    '<label>Words <input type="search"></label> <label>Status <select><option value="">any</option></select></label><p role="status"></p>';
  const [words, choice, said] = form.querySelectorAll("input, select, p");
  choice.append(...statuses.map((each) => new Option(each)));
  const filter = () => {
    const asked = words.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const { item, status, text } of claims) {
      item.hidden = (choice.value && status !== choice.value) || !asked.every((each) => text.includes(each));
      shown += !item.hidden;
    }
    said.textContent = `${shown} of ${claims.length} claims`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  list.before(form);
  said.textContent = `${claims.length} claims`;
});
