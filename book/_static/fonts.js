// Text is shown when its fonts are there, so that nothing moves, and after a second in any case.
{
  const root = document.documentElement;
  const show = () => root.classList.remove("fonts-coming");
  root.classList.add("fonts-coming");
  setTimeout(show, 1000);
  document.addEventListener("DOMContentLoaded", () => {
    document.body.getBoundingClientRect(); // Laid out, a page knows which fonts it needs.
    document.fonts.ready.then(show);
  });
  // The two of every page are asked for before the stylesheet names them; browsers refuse to from a disk.
  if (location.protocol.startsWith("http")) {
    for (const href of document.currentScript.dataset.fonts.split(" ")) {
      const link = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "anonymous", href };
      document.head.append(Object.assign(document.createElement("link"), link));
    }
  }
}
