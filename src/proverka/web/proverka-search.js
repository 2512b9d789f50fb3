// @ts-check
// The search page: see docs/search.md. The index is text; what a search needs is made of it here, once.

import { fold } from "./proverka-quiz.js";

/** `places` are the pages that speak of a person. @typedef {{page: number, kind: string, address: string, title: string, text: string, places?: number[]}} Row */
/** @typedef {[page: number, address: string, title: string, ...texts: string[]]} Section */
/** @typedef {[page: number, kind: string, address: string, title: string, text: string, places?: number[]]} Entry */
/** @typedef {{pages: [address: string, title: string][], sections: Section[], entries: Entry[], words: Record<string, string>, phrases: Record<string, string>}} Data */
/** @typedef {{row: Row, score: number, words: Set<string>}} Hit */
/** @typedef {{page: number, score: number, hits: Hit[]}} Group */

/** How much more a word counts in a title. */
const IN_TITLE = 4;
const AT_FIRST = 3;
const AT_MOST = 30;
const PLACES_AT_MOST = 6;

/** Words as they are written: letters and digits, and apostrophes in them. @param {string} text */
const written = (text) => [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’ʼʹʺ′]*/gu)];

/** @type {Map<string, string[]>} */
const folded = new Map();
/** A written word as it is compared, without the ’s of a possessive; “½” is two. @param {string} word */
function wordsOf(word) {
  let found = folded.get(word);
  if (!found) folded.set(word, (found = fold(word.replace(/['’]s?$/, "")).split(" ").filter(Boolean)));
  return found;
}

/** @param {string} text */
const tokens = (text) => written(text).flatMap(([word]) => wordsOf(word));

/** Whether one text becomes the other by at most so many slips: a letter more, less, other, or two in the wrong order. @param {string} one @param {string} other @param {number} most */
export function isNear(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return false;
  let [before, last] = [/** @type {number[]} */ ([]), Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const line = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      line[j] = Math.min(last[j] + 1, line[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) line[j] = Math.min(line[j], before[j - 2] + 1);
    }
    if (Math.min(...line) > most) return false;
    [before, last] = [last, line];
  }
  return last[other.length] <= most;
}

export class Index {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    /** @type {Row[]} */
    this.all = [
      ...data.sections.flatMap(([page, address, title, ...texts]) => texts.map((text) => ({ page, kind: "chapter", address, title, text }))),
      ...data.entries.map(([page, kind, address, title, text, places]) => ({ page, kind, address, title, text, places })),
    ];
    /** Word → number of a row → how often it is there. @type {Map<string, Map<number, number>>} */
    this.rows = new Map();
    this.lengths = this.all.map(({ kind, title, text }, number) => {
      // A heading is there again with every passage under it, so only titles of their own count more.
      for (const word of tokens(title)) this.#count(word, number, kind === "chapter" ? 1 : IN_TITLE);
      const words = tokens(text);
      for (const word of words) this.#count(word, number, 1);
      return words.length;
    });
    this.average = this.lengths.reduce((sum, each) => sum + each, 0) / this.lengths.length || 1;
  }

  /** @param {string} word @param {number} row @param {number} times */
  #count(word, row, times) {
    let rows = this.rows.get(word);
    if (!rows) this.rows.set(word, (rows = new Map()));
    rows.set(row, (rows.get(row) ?? 0) + times);
  }

  /** The words of a query, a name under whatever spelling by the book’s own. @param {string} query */
  queried(query) {
    const words = tokens(query);
    const found = [];
    while (words.length) {
      const most = Array.from(words, (_, at) => words.length - at);
      const length = most.find((each) => Object.hasOwn(this.data.phrases, words.slice(0, each).join(" "))) ?? 0;
      if (length) found.push(...this.data.phrases[words.splice(0, length).join(" ")].split(" "));
      else found.push(/** @type {string} */ (words.shift()));
    }
    return [...new Set(found)];
  }

  /** The words of the book that a word of a query can mean, and how surely. @param {string} wanted */
  meanings(wanted) {
    /** @type {Map<string, number>} */
    const found = new Map();
    /** @param {string} word @param {number} weight */
    const add = (word, weight) => {
      if (this.rows.has(word)) found.set(word, Math.max(found.get(word) ?? 0, weight));
      if (Object.hasOwn(this.data.words, word)) {
        for (const ours of this.data.words[word].split(" ")) if (this.rows.has(ours)) found.set(ours, Math.max(found.get(ours) ?? 0, weight));
      }
    };
    const known = [...this.rows.keys(), ...Object.keys(this.data.words)];
    add(wanted, 1);
    if (wanted.length > 4 && wanted.endsWith("s")) add(wanted.slice(0, -1), 0.8);
    if (wanted.length > 1) for (const each of known) if (each.startsWith(wanted)) add(each, (0.7 * wanted.length) / each.length);
    const most = wanted.length < 4 || /\p{N}/u.test(wanted) ? 0 : wanted.length < 8 ? 1 : 2;
    if (!found.size && most) for (const each of known) if (isNear(wanted, each, most)) add(each, 0.4);
    return found;
  }

  /** Rows by page, the best first; and whether they have all the words or only some. @param {string} query */
  search(query) {
    const wanted = this.queried(query);
    /** @type {Map<number, Hit & {of: number}>} */
    const hits = new Map();
    for (const each of wanted) {
      /** @type {Map<number, [number, string[]]>} */
      const here = new Map();
      for (const [word, weight] of this.meanings(each)) {
        const rows = /** @type {Map<number, number>} */ (this.rows.get(word));
        const rare = Math.log(1 + this.lengths.length / rows.size);
        for (const [number, times] of rows) {
          const long = 0.4 + (0.6 * this.lengths[number]) / this.average;
          const score = (weight * rare * times * 2.2) / (times + 1.2 * long);
          const [best, words] = here.get(number) ?? [0, []];
          here.set(number, [Math.max(best, score), [...words, word]]);
        }
      }
      for (const [number, [score, words]] of here) {
        const hit = hits.get(number) ?? { row: this.all[number], score: 0, words: new Set(), of: 0 };
        hits.set(number, hit);
        hit.score += score;
        hit.of += 1;
        for (const word of words) hit.words.add(word);
      }
    }
    const most = Math.max(0, ...Array.from(hits.values(), ({ of }) => of));
    const phrase = wanted.join(" ");
    /** @type {Map<number, Group>} */
    const groups = new Map();
    for (const hit of hits.values()) {
      if (hit.of < most) continue;
      const { page, kind, title, text } = hit.row;
      // What bears the name, and what has the words as they stand in the query.
      if (kind === "term" || kind === "person") hit.score *= tokens(title).join(" ").includes(phrase) ? 3 : 1;
      if (wanted.length > 1 && tokens(text).join(" ").includes(phrase)) hit.score *= 1.5;
      const group = groups.get(page) ?? { page, score: 0, hits: [] };
      groups.set(page, group);
      group.hits.push(hit);
      group.score = Math.max(group.score, hit.score);
    }
    for (const group of groups.values()) group.hits.sort((one, other) => other.score - one.score);
    return { whole: most === wanted.length, groups: [...groups.values()].sort((one, other) => other.score - one.score) };
  }
}

/** The part of a text around the words that were found, cut into what is and is not one of them. @param {string} text @param {Set<string>} words @param {number} [about] */
export function snippet(text, words, about = 30) {
  const all = written(text);
  const found = all.map(([word]) => wordsOf(word).some((each) => words.has(each)));
  const within = (/** @type {number} */ start) => found.slice(start, start + about).filter(Boolean).length;
  let from = 0;
  for (let at = 0; at + about <= all.length; at++) if (within(at) > within(from)) from = at;
  // Some words before the first one, so that it does not begin with it.
  const to = Math.min(all.length, (from = Math.max(0, Math.min(from + found.slice(from).indexOf(true) - 8, all.length - about))) + about);
  /** @type {{text: string, found: boolean}[]} */
  const parts = [];
  let at = from ? all[from].index : 0;
  if (from) parts.push({ text: "… ", found: false });
  for (let each = from; each < to; each++) {
    if (!found[each]) continue;
    const { 0: word, index } = all[each];
    parts.push({ text: text.slice(at, index), found: false }, { text: word, found: true });
    at = index + word.length;
  }
  parts.push({ text: to < all.length ? `${text.slice(at, all[to - 1].index + all[to - 1][0].length)} …` : text.slice(at), found: false });
  return parts.filter((each) => each.text);
}

/** The clause around the first word that was found, for browsers that go to a text in a page. @param {string} text @param {Set<string>} words */
export function clause(text, words) {
  const parts = text.split(/(?<=[.,;:!?…)”])\s+|\s+·\s+/u).map((each) => each.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
  const has = (/** @type {string} */ each) => tokens(each).some((word) => words.has(word));
  return parts.find((each) => has(each) && each.includes(" ")) ?? parts.find(has) ?? "";
}

// The page

/** @template {Element} T @param {string} selector @param {ParentNode} [parent] */
const part = (selector, parent = document) => /** @type {T} */ (parent.querySelector(selector));

/** @param {string} id */
const copyOf = (id) => {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
};

/** The index, fetched when it is first asked for. @type {Promise<Index> | undefined} */
let loading;
/** @param {string} address @returns {Promise<Index>} */
const load = (address) =>
  (loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(globalThis, { proverkaIndex: (/** @type {Data} */ data) => resolve(new Index(data)) });
    script.src = address;
    script.onerror = () => ((loading = undefined), script.remove(), reject(new Error(address)));
    document.head.append(script);
  }));

/** Text with what was found marked. @param {string} text @param {Set<string>} words @param {number} [about] */
const marked = (text, words, about) =>
  snippet(text, words, about).map((each) => (each.found ? Object.assign(document.createElement("mark"), { textContent: each.text }) : each.text));

/** @param {string} href @param {string} textContent */
const linkTo = (href, textContent) => Object.assign(document.createElement("a"), { href, textContent });

/** @param {Index} index @param {Hit} hit */
function showHit({ data }, { row, words }) {
  const { page, kind, address, title, text, places } = row;
  const item = copyOf("pv-row");
  const link = part(".pv-hit", item);
  const exact = kind === "chapter" && "fragmentDirective" in document ? clause(text, words) : "";
  // A dash has a meaning of its own in such an address.
  const directive = exact && `:~:text=${encodeURIComponent(exact).replace(/-/g, "%2D")}`;
  link.setAttribute("href", (address.startsWith("#") ? data.pages[page][0] : "") + address + directive);
  part(".pv-kind", item).textContent = kind;
  const shown = part(".pv-snippet", item);
  // Claims and questions are sentences and have no other title.
  link.append(...marked(title || text, words, Infinity));
  if (title) shown.append(...marked(text, words));
  else shown.remove();
  if (places) {
    const names = places.slice(0, PLACES_AT_MOST).map((each) => linkTo(data.pages[each][0] + address.replace(/^.*#/, "#"), data.pages[each][1]));
    const more = places.length > names.length ? [linkTo(data.pages[page][0], `${places.length - names.length} more`)] : [];
    for (const each of [...names, ...more]) shown.append(shown.textContent ? " · " : "", each);
  }
  return item;
}

/** @param {Index} index @param {Group} group */
function showGroup(index, { page, hits }) {
  const section = copyOf("pv-group");
  const heading = part("h2 a", section);
  const [address, title] = index.data.pages[page];
  heading.setAttribute("href", address);
  heading.textContent = title;
  const [first, more] = section.querySelectorAll("ol");
  first.append(...hits.slice(0, AT_FIRST).map((each) => showHit(index, each)));
  const rest = hits.slice(AT_FIRST);
  const details = /** @type {HTMLDetailsElement} */ (part("details", section));
  details.hidden = !rest.length;
  part("summary", details).textContent = `${rest.length} more in “${title}”${rest.length > AT_MOST ? `, the first ${AT_MOST}` : ""}`;
  details.addEventListener("toggle", () => more.childElementCount || more.append(...rest.slice(0, AT_MOST).map((each) => showHit(index, each))));
  return section;
}

/** @param {number} count @param {string} thing */
const counted = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

function main() {
  const box = /** @type {HTMLInputElement} */ (part("#pv-search"));
  const form = /** @type {HTMLFormElement} */ (box.form);
  const said = part("#pv-found");
  const results = /** @type {HTMLElement} */ (part("#pv-results"));
  let asked = "";

  async function search() {
    const query = box.value.trim();
    if (query === asked) return;
    asked = query;
    try {
      history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    } catch {
      // Some browsers let no page from a disk change its address.
    }
    if (!query) {
      said.textContent = "";
      results.replaceChildren();
      return;
    }
    const index = await load(/** @type {string} */ (results.dataset.index)).catch(() => undefined);
    if (query !== asked) return;
    if (!index) {
      asked = "";
      said.textContent = "The index could not be loaded. Try again when you have a network.";
      return;
    }
    const { whole, groups } = index.search(query);
    const count = groups.reduce((sum, { hits }) => sum + hits.length, 0);
    const which = whole ? "" : " that have some of the words; none has all";
    said.textContent = count ? `${counted(count, "result")} on ${counted(groups.length, "page")}${which}` : `Nothing found for “${query}”`;
    results.replaceChildren(...groups.map((each) => showGroup(index, each)));
  }

  /** What the arrow keys go through. */
  const stops = () => [box, .../** @type {NodeListOf<HTMLElement>} */ (results.querySelectorAll(".pv-hit, summary"))].filter((each) => each.checkVisibility());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await search();
    stops()[1]?.focus();
  });
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  part("#search").addEventListener("keydown", (event) => {
    const { key, target } = /** @type {KeyboardEvent} */ (event);
    const all = stops();
    const at = all.indexOf(/** @type {HTMLElement} */ (target));
    const next = at < 0 ? undefined : key === "ArrowDown" ? all[at + 1] : key === "ArrowUp" ? all[at - 1] : key === "Escape" ? box : undefined;
    if (!next || next === target) return;
    event.preventDefault();
    next.focus();
  });

  // A page may be hidden until its fonts are in, and what is hidden takes no focus.
  const focus = () => (box.checkVisibility({ visibilityProperty: true }) ? box.focus() : requestAnimationFrame(focus));

  box.value = new URLSearchParams(location.search).get("q") ?? "";
  if (box.value) search();
  else focus();
}

if (typeof document !== "undefined" && document.querySelector("#pv-results")) main();
