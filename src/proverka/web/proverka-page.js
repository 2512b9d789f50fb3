// @ts-check
// On every page: the key that leads to the search box, buttons that copy, and the copy of the site on the device.

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const root = new URL("../", script.src);

  // Search

  // Not a single letter, which those who speak to their computer would type by accident.
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[role=search] input[name=q]"));
    const box = [...boxes].find((each) => {
      const { left, right } = each.getBoundingClientRect();
      return right > 0 && left < innerWidth && each.checkVisibility({ visibilityProperty: true });
    });
    if (box) box.focus();
    else location.href = new URL("search.html", root).href;
  });

  // Copying

  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copies]"))) {
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    button.after(said);
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copies ?? "")?.textContent ?? "";
      said.textContent = await navigator.clipboard.writeText(text).then(() => "Copied", () => "The browser did not allow it");
      setTimeout(() => (said.textContent = ""), 4000);
    });
  }

  // Offline

  const workers = navigator.serviceWorker;
  const remembered = `proverka-offline ${root.pathname}`;

  /** What a private window refuses to keep is only not remembered. @param {() => unknown} act */
  const allowed = (act) => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };

  /** @param {string} name @param {() => void} act */
  function button(name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.addEventListener("click", act);
    return made;
  }

  const line = document.createElement("p");
  line.dataset.offline = "";

  /** @param {string} text @param {HTMLButtonElement} [next] */
  function say(text, next) {
    if (!line.isConnected) ([...document.querySelectorAll("footer")].pop() ?? document.body).append(line);
    const focused = line.contains(document.activeElement);
    line.replaceChildren(text, ...(next ? [" ", next] : []));
    if (focused) next?.focus();
  }

  const whenKept = () => say("This book is on your device.", button("Remove the copy", remove));
  const whenNotKept = () => say("", button("Keep this book on your device", keepAgain));

  async function known() {
    const found = await workers.getRegistration(root.href);
    // Another site above this one may have a worker too.
    return found?.scope === root.href ? found : undefined;
  }

  async function remove() {
    allowed(() => localStorage.setItem(remembered, "no"));
    await (await known())?.unregister();
    await caches.delete(`proverka ${root.href}`);
    whenNotKept();
  }

  async function keepAgain() {
    allowed(() => localStorage.removeItem(remembered));
    say("The copy is on its way.", button("Do without", remove));
    await keep(() => say("The copy could not be made.", button("Try again", keepAgain)));
  }

  const notice = document.createElement("div");
  notice.dataset.notice = "";
  notice.setAttribute("role", "status");

  /** @param {ServiceWorker} waiting */
  function offer(waiting) {
    if (allowed(() => sessionStorage.getItem(remembered)) === "later") return;
    const use = button("Show it", () => {
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("take over");
    });
    const later = button("Later", () => {
      allowed(() => sessionStorage.setItem(remembered, "later"));
      notice.replaceChildren();
    });
    notice.replaceChildren("There is a new edition of this book. ", use, " ", later);
  }

  /** Whether a worker has all files, those included that it had to fetch again. @param {ServiceWorker} active @returns {Promise<boolean>} */
  const isFilled = (active) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      active.postMessage("fill", [port2]);
    });

  /** Make a copy, or see whether there is a newer one. @param {() => void} [failed] */
  async function keep(failed) {
    const registration = await workers.register(new URL("service-worker.js", root), { updateViaCache: "none" });
    // While another window is open, the worker that was removed comes back as it was, but its files are gone.
    if (failed && registration.active && !(await isFilled(registration.active))) return failed();
    const look = () => {
      if (registration.active) whenKept();
      if (registration.active && registration.waiting) offer(registration.waiting);
    };
    const follow = () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" || coming.state === "activated") look();
        else if (coming.state === "redundant" && !registration.active) failed?.();
      });
    };
    registration.addEventListener("updatefound", follow);
    follow();
    look();
  }

  if (script.dataset.offline === undefined || !workers || !location.protocol.startsWith("http")) return;
  document.body.append(notice);
  const unwanted = allowed(() => localStorage.getItem(remembered)) === "no";
  // @ts-expect-error Not every browser tells that its reader wants to save data.
  const sparing = navigator.connection?.saveData;
  // After the page, which is what the reader came for.
  addEventListener("load", async () => {
    if (unwanted || (sparing && !(await known()))) whenNotKept();
    // A host that does not give the script leaves the reader where she was: with a network.
    else await keep().catch(() => undefined);
  });
})();
