// An address of a claim on the page Evidence leads on to the page where the claim stands.
document.addEventListener("DOMContentLoaded", () => {
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".claim-index > li");
  if (entry) location.replace(entry.querySelector("a").href);
});
