// Light or dark as the reader chose it, before anything is painted.
try {
  document.body.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.body.dataset.theme = "auto"; // No storage, no choice kept.
}
