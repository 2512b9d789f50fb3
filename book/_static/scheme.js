// Light or dark as the reader chose it, and the button for it, before anything is painted.
document.documentElement.classList.remove("no-js");
try {
  document.body.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.body.dataset.theme = "auto"; // No storage, no choice kept.
}
