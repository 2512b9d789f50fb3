// @ts-check
/**
 * Questions that answer back, and a reader’s progress. One module without side effects on import:
 * the server’s form is the page without scripts, and {@link mount} improves it where it stands.
 * Rules of scoring: docs/scoring.md; what is kept in the browser: docs/progress.md.
 */

/** @typedef {any} Json */
/** @typedef {{id: string, type: string, fingerprint?: string, outcome?: string, points?: number, [name: string]: any}} Question */
/** @typedef {"right" | "partial" | "wrong" | "empty" | "malformed" | "waiting"} State */
/** @typedef {{points: number, of: number, state: State, parts: string[]}} Score */
/** @typedef {{fingerprint: string, answer: Json, state: State, points: number, of: number, at: string, attempts: number, box: number, due: string}} Entry */
/** @typedef {{id: string, fingerprint: string, keys: string[], href: string, stem: string}} Listed */
/**
 * @typedef {object} Options
 * @property {Store} [store] Where answers are kept between visits.
 * @property {Record<string, Json>} [saved] Answers by question id, to begin with.
 * @property {(question: Question, answer: Json, score: Score) => void} [onAnswer]
 * @property {(outcome: string) => string | null | undefined} [outcome] The words of an outcome.
 * @property {(question: string) => {href: string, text: string} | undefined} [next] What to review next.
 */

// Scoring ---------------------------------------------------------------------------------------

/** @param {unknown} value @returns {value is Record<string, any>} */
const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @param {string} text Characters as Python counts them. */
const length = (text) => [...text].length;
/** @param {string} text White space as Python sees it. */
const isBlank = (text) => /^(?:(?!\ufeff)[\s\x1c-\x1f\x85])*$/.test(text);
/** @param {string} text @param {number} most @returns {text is string} */
const isText = (text, most) => typeof text === "string" && length(text) <= most;
/** @param {{points?: number}} part */
const worth = (part) => part.points ?? 1;

/** @param {unknown} answer */
function isEmpty(answer) {
  if (typeof answer === "string") return isBlank(answer);
  return answer == null || (typeof answer === "object" && !Object.keys(answer).length);
}

/**
 * Text reduced to its letters and digits, for comparison.
 * @param {string} text
 */
export function fold(text) {
  const plain = text.replace(/´/g, "'").normalize("NFKC");
  // Lower case first: the capital ẞ has no other way to “ss”. By characters, for the sake of σ and ς.
  const lower = Array.from(plain, (each) => each.toLowerCase().toUpperCase().toLowerCase()).join("");
  return lower
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}'’‘ʼʻʹʺ′`]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * The numbers that an answer can mean: a comma may group digits or mark the decimals.
 * @param {unknown} answer
 * @returns {number[]}
 */
function readings(answer) {
  if (typeof answer === "number") return Number.isFinite(answer) ? [answer] : [];
  if (typeof answer !== "string" || length(answer) > 100) return [];
  const text = answer
    .replace(/[\s\x1c-\x1f\x85_'’\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .replace(/−/g, "-");
  const found = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(text) ? [text.replace(/,/g, "")] : [];
  if (!/,.*[,.]|\..*,/.test(text)) found.push(text.replace(",", "."));
  return found.filter((each) => /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(each)).map(Number);
}

/**
 * The spot whose circle holds a point; of several, the one whose centre is nearest.
 * @param {Question} question @param {number} x @param {number} y
 */
function spotAt(question, x, y) {
  let found, least = Infinity;
  for (const spot of question.spots) {
    const distance = (spot.x - x) * (spot.x - x) + (spot.y - y) * (spot.y - y);
    if (distance <= spot.radius * spot.radius && distance < least) [found, least] = [spot, distance];
  }
  return found;
}

/**
 * Equal as JSON: numbers to nine digits, truth values only to themselves.
 * @param {any} wanted @param {any} given @param {number} [depth] @returns {boolean}
 */
function same(wanted, given, depth = 0) {
  if (depth > 50 || typeof wanted !== typeof given) return false;
  if (typeof wanted === "number") {
    return Math.abs(wanted - given) <= Math.max(1e-9 * Math.max(Math.abs(wanted), Math.abs(given)), 1e-12);
  }
  if (!wanted || !given || typeof wanted !== "object") return wanted === given;
  const names = Object.keys(wanted);
  return (
    Array.isArray(wanted) === Array.isArray(given) &&
    names.length === Object.keys(given).length &&
    names.every((name) => Object.hasOwn(given, name) && same(wanted[name], given[name], depth + 1))
  );
}

/** @param {Question} question @param {any} answer @returns {State | [number, string[]]} */
function chosen(question, answer) {
  const option = (question.options ?? question.spots).find((/** @type {any} */ each) => each.id === answer);
  return option ? [option.correct ? 1 : 0, [option.id]] : "malformed";
}

/** @param {{is_: string}[] | undefined} wrong @param {(is: string) => boolean} test @returns {[number, string[]]} */
function foreseen(wrong, test) {
  const position = (wrong ?? []).findIndex((each) => test(each.is_));
  return [0, position < 0 ? [] : [`wrong-${position}`]];
}

/** A state, or the share earned and the parts whose feedback is due.
 * @type {Record<string, (question: Question, answer: any) => State | [number, string[]]>} */
const SCORERS = {
  choice: chosen,
  choices({ options }, answer) {
    const known = new Set(options.map((/** @type {any} */ each) => each.id));
    if (!Array.isArray(answer) || !answer.every((each) => known.has(each))) return "malformed";
    const taken = options.filter((/** @type {any} */ each) => answer.includes(each.id));
    const wrong = taken.filter((/** @type {any} */ each) => !each.correct);
    const key = options.filter((/** @type {any} */ each) => each.correct);
    const right = taken.length - wrong.length;
    return [(right - wrong.length) / key.length, wrong.map((/** @type {any} */ each) => each.id)];
  },
  number({ low, high, wrong }, answer) {
    const numbers = readings(answer);
    if (!numbers.length) return "malformed";
    if (numbers.some((each) => low <= each && each <= high)) return [1, []];
    return foreseen(wrong, (is) => readings(is).some((each) => numbers.includes(each)));
  },
  text({ accept, wrong }, answer) {
    if (!isText(answer, 1000)) return "malformed";
    const given = fold(answer);
    if (!given) return "empty";
    if (accept.some((/** @type {string} */ each) => fold(each) === given)) return [1, []];
    return foreseen(wrong, (is) => fold(is) === given);
  },
  order({ items }, answer) {
    const rank = new Map(items.map((/** @type {any} */ each, /** @type {number} */ place) => [each.id, place]));
    const good = Array.isArray(answer) && answer.length === rank.size && new Set(answer).size === rank.size;
    if (!good || !answer.every((each) => rank.has(each))) return "malformed";
    let right = 0, pairs = 0;
    answer.forEach((each, place) =>
      answer.slice(place + 1).forEach((later) => {
        pairs += 1;
        right += rank.get(each) < rank.get(later) ? 1 : 0;
      }),
    );
    return [(2 * right - pairs) / pairs, []];
  },
  match({ pairs, distractors = [] }, answer) {
    const left = new Set(pairs.map((/** @type {any} */ each) => each.id));
    const traps = new Set(distractors.map((/** @type {any} */ each) => each.id));
    const fits = (/** @type {any} */ value) => value === null || value === "" || left.has(value) || traps.has(value);
    if (!isMap(answer) || !Object.entries(answer).every(([name, value]) => left.has(name) && fits(value))) return "malformed";
    if (!Object.values(answer).some(Boolean)) return "empty";
    const took = new Map(Object.entries(answer));
    const missed = [...left].filter((each) => took.get(each) !== each);
    const fallen = missed.map((each) => took.get(each)).filter((each) => traps.has(each));
    return [(left.size - missed.length) / left.size, [...fallen, ...missed]];
  },
  blanks({ blanks }, answer) {
    const known = new Map(blanks.map((/** @type {any} */ each) => [each.id, each]));
    const fits = (/** @type {any} */ value) => value === null || isText(value, 1000);
    if (!isMap(answer) || !Object.entries(answer).every(([name, value]) => known.has(name) && fits(value))) return "malformed";
    const filled = new Map(Object.entries(answer).map(([name, value]) => [name, fold(value ?? "")]));
    if (![...filled.values()].some(Boolean)) return "empty";
    const missed = blanks.filter((/** @type {any} */ each) => {
      const given = filled.get(each.id);
      return !given || !each.accept.some((/** @type {string} */ word) => fold(word) === given);
    });
    return [(blanks.length - missed.length) / blanks.length, missed.map((/** @type {any} */ each) => each.id)];
  },
  pin(question, answer) {
    if (!isMap(answer)) return chosen(question, answer);
    const { x, y } = answer;
    const point = Object.keys(answer).length === 2 && [x, y].every((each) => typeof each === "number" && Number.isFinite(each));
    if (!point) return "malformed";
    const spot = spotAt(question, x, y);
    return spot ? chosen(question, spot.id) : [0, []];
  },
  code({ trials }, answer) {
    if (!isMap(answer) || !Object.keys(answer).every((each) => each === "source" || each === "results")) return "malformed";
    const { source, results = null } = answer;
    if (!isText(source, 20_000)) return "malformed";
    // A page does not hold the trials, so nothing can be said of results there.
    if (results === null || !trials) return isBlank(source) ? "empty" : "waiting";
    if (!Array.isArray(results) || results.length !== trials.length) return "malformed";
    const passed = trials.filter((/** @type {any} */ trial, /** @type {number} */ at) => same(trial.gives ?? null, results[at]));
    return [passed.length / trials.length, []];
  },
  essay({ rubric }, answer) {
    if (!isMap(answer) || !Object.keys(answer).every((each) => each === "text" || each === "marks")) return "malformed";
    const { text, marks = null } = answer;
    if (!isText(text, 50_000)) return "malformed";
    if (isBlank(text)) return "empty";
    if (marks === null) return "waiting";
    const most = new Map(rubric.map((/** @type {any} */ each) => [each.id, worth(each)]));
    const fits = ([/** @type {string} */ name, /** @type {any} */ points]) => typeof points === "number" && 0 <= points && points <= most.get(name);
    if (!isMap(marks) || !Object.entries(marks).every(fits)) return "malformed";
    let earned = 0, all = 0;
    for (const [name, points] of most) {
      earned += Object.hasOwn(marks, name) ? marks[name] : 0;
      all += points;
    }
    return [earned / all, []];
  },
};

/**
 * What an answer earns. `parts` names the lines of feedback, in the question’s order.
 * @param {Question} question As Python’s `to_data()` writes it, or the leaner data of a page.
 * @param {unknown} answer Anything; see the table in docs/scoring.md for what it should be.
 * @returns {Score}
 */
export function score(question, answer) {
  const of = worth(question);
  const result = isEmpty(answer) ? "empty" : SCORERS[question.type](question, answer);
  if (typeof result === "string") return { points: 0, of, state: result, parts: [] };
  const share = Math.min(1, Math.max(0, result[0]));
  const state = share === 1 ? "right" : share > 0 ? "partial" : "wrong";
  return { points: of * share, of, state, parts: [...new Set(result[1])] };
}

// What is kept ----------------------------------------------------------------------------------

/** The day at the reader’s place, as 2026-11-25; `later` counts days from it. */
const day = (later = 0) => {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() + later)).toISOString().slice(0, 10);
};

/** @param {any} entry @returns {entry is Entry} */
const isEntry = (entry) =>
  isMap(entry) &&
  typeof entry.fingerprint === "string" &&
  ["right", "partial", "wrong", "waiting"].includes(entry.state) &&
  [entry.points, entry.of, entry.attempts].every((each) => typeof each === "number" && each >= 0) &&
  entry.points <= entry.of &&
  [1, 2, 3, 4, 5].includes(entry.box) &&
  /^\d{4}-\d\d-\d\d$/.test(entry.due) &&
  Date.parse(entry.at) > 0;

/**
 * The entry after an answer. Five boxes with 1, 2, 4, 8 and 16 days until the next review: what is known
 * when it is due moves up one, what is not known goes back to the first.
 * @param {Entry | undefined} old @param {Question} question @param {Json} answer @param {Score} result
 * @param {boolean} known
 * @returns {Entry}
 */
function reviewed(old, question, answer, { state, points, of }, known) {
  const fingerprint = question.fingerprint ?? "";
  const last = old?.fingerprint === fingerprint ? old : undefined;
  const early = last && last.due > day();
  const box = !known ? 1 : early ? last.box : Math.min(5, (last?.box ?? 1) + 1);
  const due = known && early ? last.due : day(2 ** (box - 1));
  const attempts = (last?.attempts ?? 0) + 1;
  return { fingerprint, answer, state, points, of, at: new Date().toISOString(), attempts, box, due };
}

/**
 * Answers in the browser, under one key for a site. Where nothing can be kept, they last as long as the page.
 */
export class Store {
  /** @param {string} site @param {Storage} [storage] */
  constructor(site, storage) {
    this.site = site;
    this.key = `proverka.v1:${site}`;
    /** Whether answers outlive the page. */
    this.kept = true;
    /** @type {Record<string, Entry>} */
    this.entries = {};
    try {
      this.storage = storage ?? globalThis.localStorage;
    } catch {} // refused: the first reading says so
  }

  /** All entries by question id, as the last tab left them. */
  read() {
    if (!this.kept) return this.entries;
    try {
      const text = /** @type {Storage} */ (this.storage).getItem(this.key);
      const data = parsed(text ?? "");
      // What a newer version wrote is left as it is.
      if (data?.version > 1) this.kept = false;
      else this.entries = sound(data?.answers);
    } catch {
      this.kept = false;
    }
    return this.entries;
  }

  /** @param {Record<string, Entry>} entries */
  write(entries) {
    this.entries = entries;
    try {
      if (this.kept) this.storage?.setItem(this.key, JSON.stringify({ version: 1, answers: entries }));
    } catch {
      this.kept = false;
    }
  }

  /** Change one entry and no other. @param {string} id @param {Entry} entry */
  put(id, entry) {
    this.write({ ...this.read(), [id]: entry });
  }

  /** Everything as the text of a file. */
  exported() {
    return JSON.stringify({ format: "proverka-progress", version: 1, site: this.site, answers: this.read() }, null, 1);
  }

  /**
   * Take over a file; of two answers the later one stays.
   * @param {string} text
   * @throws {Error} saying why, and then nothing has changed
   */
  imported(text) {
    const data = parsed(text);
    if (data?.format !== "proverka-progress" || !isMap(data.answers)) throw Error("it is no file of progress");
    if (data.version !== 1) throw Error("a newer version of this page wrote it");
    if (data.site !== this.site) throw Error(`it belongs to “${data.site}”`);
    const found = Object.entries(data.answers);
    const bad = found.find(([, entry]) => !isEntry(entry));
    if (bad) throw Error(`its entry “${bad[0]}” cannot be read`);
    const entries = new Map(Object.entries(this.read()));
    const newer = found.filter(([id, entry]) => Date.parse(entry.at) > Date.parse(entries.get(id)?.at ?? "1970"));
    for (const [id, entry] of newer) entries.set(id, entry);
    this.write(Object.fromEntries(entries));
    return { found: found.length, taken: newer.length };
  }

  /** Forget everything. */
  clear() {
    const count = Object.keys(this.read()).length;
    this.entries = {};
    try {
      if (this.kept) this.storage?.removeItem(this.key);
    } catch {
      this.kept = false;
    }
    return count;
  }
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {unknown} entries @returns {Record<string, Entry>} */
const sound = (entries) => Object.fromEntries(Object.entries(isMap(entries) ? entries : {}).filter(([, entry]) => isEntry(entry)));

// Forms -----------------------------------------------------------------------------------------

/**
 * An element. Names with a hyphen, and `role`, become attributes; the others are properties.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [given] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else Reflect.set(made, name, value);
  }
  made.append(...children);
  return made;
}

/** @param {string} className @param {string} text @param {() => void} onclick @param {Record<string, any>} [more] */
const button = (className, text, onclick, more) => make("button", { type: "button", className, textContent: text, onclick, ...more });

/** @param {number} points @param {number} of */
const pointsOf = (points, of) => `${+points.toFixed(2)} of ${+of.toFixed(2)} point${of === 1 ? "" : "s"}`;

/** @param {Element} field @param {Question} question @returns {any[]} */
const controlsOf = (field, { id }) =>
  [...field.querySelectorAll("[name]")].filter((each) => `${each.getAttribute("name")}.`.startsWith(`${id}.`));

/** @param {Question} question @param {any} control */
const partOf = (question, control) => control.name.slice(question.id.length + 1);

/**
 * The answer that a form holds, as data.
 * @param {Element} field @param {Question} question
 * @returns {Json}
 */
export function answerOf(field, question) {
  const controls = controlsOf(field, question);
  const values = controls.filter((each) => each.checked).map((each) => each.value);
  /** @param {string} selector */
  const dataOf = (selector) => /** @type {HTMLElement | null} */ (field.querySelector(selector))?.dataset;
  switch (question.type) {
    case "choice":
      return values[0] ?? null;
    case "choices":
      return values;
    case "pin": {
      const { x, y } = dataOf(".pv-aim") ?? {};
      return values[0] ?? (x && y ? { x: +x, y: +y } : null);
    }
    case "order":
      return Array.from(field.querySelectorAll("li[data-id]"), (each) => /** @type {HTMLElement} */ (each).dataset.id);
    case "match":
    case "blanks":
      return Object.fromEntries(controls.map((each) => [partOf(question, each), each.value]));
    case "essay": {
      const text = controls[0].value;
      if (!dataOf(".pv-answer")?.marked) return { text };
      const marks = [...field.querySelectorAll(".pv-answer [data-mark]")].map((/** @type {any} */ each) => [
        each.dataset.mark,
        each.type === "checkbox" ? +each.checked : +each.value,
      ]);
      return { text, marks: Object.fromEntries(marks) };
    }
    case "code":
      return null;
    default:
      return controls[0].value;
  }
}

/** One question on a page. */
class Asked {
  /** @param {HTMLElement} field @param {Question} question @param {Options} options @param {() => void} changed */
  constructor(field, question, options, changed) {
    Object.assign(this, { field, question, options, changed });
    this.field = field;
    this.question = question;
    this.options = options;
    this.changed = changed;
    /** @type {Score | null} What is shown now. */
    this.result = null;
    /** When the answer shown was given. */
    this.at = "";
    this.controls = controlsOf(field, question);
    this.details = /** @type {HTMLDetailsElement} */ (field.querySelector(".pv-answer"));
    this.summary = /** @type {HTMLElement} */ (this.details.querySelector("summary"));
    /** @type {Map<string | undefined, Element | null>} */
    this.whys = new Map(
      Array.from(this.details.querySelectorAll("[data-for]"), (each) => [
        /** @type {HTMLElement} */ (each).dataset.for,
        each.querySelector(".pv-why"),
      ]),
    );
    /** @type {(x: number, y: number) => void} */
    this.place = () => {};
    /** @type {Entry | undefined} An essay is marked in steps; this is how it stood before. */
    this.before = undefined;
    this.note = make("p", { className: "pv-note", hidden: true });
    this.status = make("p", { className: "pv-verdict", role: "status" });
    this.again = button("pv-button", "Try again", () => this.restart(), { hidden: true });
    this.next = make("a", { className: "pv-next", hidden: true });
    if (question.type === "code") return;
    const label = question.type === "essay" ? "Compare with the model answer" : "Check";
    const check = button("pv-button pv-check", label, () => this.check());
    this.details.before(this.note, make("div", { className: "pv-act" }, check, this.again, this.next), this.status);
    this.summary.textContent = "Show the answer";
    if (question.type === "order") movable(this);
    if (question.type === "pin") crosshair(this);
    if (question.type === "essay") rubric(this);
    field.addEventListener("input", (event) => {
      if (!this.details.contains(/** @type {Node} */ (event.target))) this.clear();
    });
    field.addEventListener("keydown", (event) => {
      const typed = event.target instanceof HTMLInputElement && event.target.type === "text";
      if (event.key !== "Enter" || !typed || event.isComposing) return;
      event.preventDefault();
      this.check();
    });
  }

  /** What the live region says. @param {string} seen @param {string} [unseen] @param {string} [mark] */
  say(seen, unseen = "", mark = "") {
    const parts = [];
    if (mark) parts.push(make("span", { "aria-hidden": "true", className: "pv-sign" }, mark), " ");
    parts.push(seen);
    if (unseen) parts.push(make("span", { className: "pv-unseen" }, ` ${unseen}`));
    this.status.replaceChildren(...parts);
  }

  check() {
    const { question, options } = this;
    const answer = answerOf(this.field, question);
    const result = score(question, answer);
    const essay = question.type === "essay";
    // Who looks first has not remembered; in an essay, looking is the point.
    const known = result.state === "right" && (essay || !this.details.open);
    if (essay && result.state === "waiting") this.before = options.store?.read()[question.id];
    this.show(answer, result);
    if (result.state === "empty" || result.state === "malformed") return;
    const old = options.store?.read()[question.id];
    const entry = reviewed(essay ? this.before : old, question, answer, result, known);
    this.at = entry.at;
    options.store?.put(question.id, entry);
    options.onAnswer?.(question, answer, result);
    const next = options.next?.(question.id);
    if (next) Object.assign(this.next, { href: next.href, textContent: next.text, hidden: false });
    this.changed();
  }

  /** Show a verdict and its reasons. @param {Json} answer @param {Score} result */
  show(answer, result) {
    const { question, field } = this;
    const { state, points, of, parts } = result;
    this.clear();
    field.dataset.state = state;
    const essay = question.type === "essay";
    if (state === "empty" || state === "malformed") {
      const typed = ["number", "text", "blanks", "essay"].includes(question.type);
      if (state === "empty") this.say(`${typed ? "Write" : "Choose"} an answer first.`);
      else this.say(question.type === "number" ? "That cannot be read as a number." : "That is too long for an answer.");
      return;
    }
    this.result = result;
    this.note.hidden = true;
    this.again.hidden = false;
    const whys = parts.map((each) => this.whys.get(each)?.textContent ?? "").join(" ");
    const earned = pointsOf(points, of);
    if (state === "waiting") this.say("Now compare, and give yourself the points that your text has earned. The mark is your own.");
    else if (essay) this.say(`Your own mark: ${earned}`, "", state === "right" ? "✓" : "◐");
    else if (state === "right") this.say(`Right. ${earned}`, whys, "✓");
    else if (state === "partial") this.say(`Partly right: ${earned}`, whys, "◐");
    else this.say("Not yet", whys, "✗");
    this.explain(answer, parts);
    if (state === "right") this.summary.textContent = "The answer, and why";
    if (state === "right" || essay) this.details.open = true;
  }

  /** Feedback beside what was chosen. @param {Json} answer @param {string[]} parts */
  explain(answer, parts) {
    const { question, controls, field } = this;
    const left = new Set(parts);
    /** @param {any} place @param {boolean | null} good @param {string} word @param {string[]} [wanted] @param {any} [control] */
    const add = (place, good, word, wanted = [], control) => {
      const note = make("p", { className: `pv-said${good ? "" : " pv-bad"}`, id: `${question.id}-said-${field.querySelectorAll(".pv-said").length}` });
      if (word) note.append(make("b", { className: `pv-mark${good ? "" : " pv-mark-wrong"}` }, `${good ? "✓" : "✗"} ${word}`));
      for (const each of wanted) {
        const why = left.delete(each) && this.whys.get(each);
        if (why) note.append(" ", ...why.cloneNode(true).childNodes);
      }
      if (!note.hasChildNodes()) return;
      place.append(note);
      control?.setAttribute("aria-describedby", note.id);
    };
    const after = () => {
      const place = make("div", { className: "pv-said-all" });
      this.note.before(place);
      return place;
    };
    switch (question.type) {
      case "choice":
      case "choices":
      case "pin":
        for (const each of controls.filter((control) => control.checked)) {
          const part = (question.options ?? question.spots).find((/** @type {any} */ one) => one.id === each.value);
          const word = part?.correct ? "Right" : "Wrong";
          add(each.closest("li"), part?.correct, `${word}${this.whys.get(each.value) ? ":" : ""}`, [each.value], each);
          left.delete(each.value);
        }
        break;
      case "number":
      case "text":
        if (parts.some((each) => this.whys.get(each))) add(after(), false, "", parts, controls[0]);
        break;
      case "order": {
        const rank = new Map(question.items.map((/** @type {any} */ each, /** @type {number} */ place) => [each.id, place]));
        const fits = rising(answer.map((/** @type {string} */ each) => rank.get(each)));
        field.querySelectorAll("li[data-id]").forEach((item, place) => add(item, fits.has(place), fits.has(place) ? "In order" : "Out of place"));
        break;
      }
      case "match":
        for (const each of controls) {
          const pair = partOf(question, each);
          const good = each.value === pair;
          add(each.closest("li"), good, good ? "Right" : "Not yet:", good ? [] : [each.value, pair].filter((one) => left.has(one)), each);
        }
        break;
      case "blanks": {
        const place = after();
        controls.forEach((each, at) => {
          const good = !parts.includes(partOf(question, each));
          add(place, good, `Blank ${at + 1}: ${good ? "right" : "not yet"}`, [partOf(question, each)], each);
          each.after(make("b", { className: `pv-mark pv-sign${good ? "" : " pv-mark-wrong"}`, "aria-hidden": "true" }, good ? "✓" : "✗"));
        });
      }
    }
  }

  /** Take marks and verdict away; what was answered stays. */
  clear() {
    if (this.result) this.details.open = false;
    this.result = null;
    delete this.field.dataset.state;
    this.status.replaceChildren();
    this.again.hidden = true;
    this.summary.textContent = this.question.type === "code" ? "Answer" : "Show the answer";
    for (const each of this.controls) each.removeAttribute("aria-describedby");
    for (const each of this.field.querySelectorAll(".pv-said, .pv-said-all, .pv-question b.pv-sign")) each.remove();
    this.changed();
  }

  restart() {
    this.unmark();
    this.clear();
    const first = this.controls.find((each) => each.checked) ?? this.controls[0] ?? this.field.querySelector(".pv-list button");
    first?.focus();
    first?.select?.();
  }

  /** An essay’s marks belong to the text that they were given for. */
  unmark() {
    delete this.details.dataset.marked;
  }

  /** Put an answer into the form. @param {Json} answer May be anything. */
  fill(answer) {
    const { question, field } = this;
    const map = new Map(Object.entries(isMap(answer) ? answer : {}));
    const list = new Set(Array.isArray(answer) ? answer : [answer]);
    for (const each of this.controls) {
      if (["radio", "checkbox"].includes(each.type)) each.checked = list.has(each.value);
      else if (question.type === "essay") each.value = map.get("text") ?? "";
      else each.value = (each.name === question.id ? answer : map.get(partOf(question, each))) ?? "";
    }
    if (question.type === "order" && Array.isArray(answer)) {
      const items = new Map(Array.from(field.querySelectorAll("li[data-id]"), (each) => [/** @type {HTMLElement} */ (each).dataset.id, each]));
      for (const each of answer) items.get(each)?.parentElement?.append(/** @type {Element} */ (items.get(each)));
    }
    if (question.type === "pin") {
      const point = isMap(answer) ? answer : question.spots.find((/** @type {any} */ each) => each.id === answer);
      if (point) this.place(point.x, point.y);
    }
    if (isMap(map.get("marks"))) {
      this.details.dataset.marked = "1";
      for (const each of /** @type {NodeListOf<any>} */ (this.details.querySelectorAll("[data-mark]"))) {
        const points = map.get("marks")[each.dataset.mark];
        each.checked = points > 0;
        if (each.type !== "checkbox") each.value = points ?? 0;
      }
    }
  }

  /** Show what was answered before, if it still stands. @param {Entry | undefined} entry */
  restore(entry) {
    if (!entry || entry.at === this.at) return;
    this.at = entry.at;
    const when = new Date(entry.at).toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    if (entry.fingerprint !== this.question.fingerprint) this.remark("This question has changed since you answered it.");
    else if (entry.due <= day()) this.remark(`Time to review: you last answered this on ${when}.`);
    else this.answer(entry.answer);
  }

  /** @param {string} text */
  remark(text) {
    this.note.textContent = text;
    this.note.hidden = false;
  }

  /** Fill the form and say what the answer earned. @param {Json} answer */
  answer(answer) {
    const result = score(this.question, answer);
    if (["empty", "malformed"].includes(result.state)) return;
    this.fill(answer);
    this.show(answer, result);
    this.changed();
  }
}

/** The places of a longest run of items that stand in order. @param {number[]} ranks */
function rising(ranks) {
  /** @type {number[][]} */
  const runs = [];
  let best = /** @type {number[]} */ ([]);
  ranks.forEach((rank, place) => {
    let longest = /** @type {number[]} */ ([]);
    for (const run of runs) if (ranks[run[run.length - 1]] < rank && run.length > longest.length) longest = run;
    runs.push([...longest, place]);
    if (longest.length >= best.length) best = runs[place];
  });
  return new Set(best);
}

/** A list whose items move, in place of menus with numbers. @param {Asked} asked */
function movable(asked) {
  const list = make("ol", { className: "pv-list" });
  /** @param {Element} item @param {number} by @param {boolean} [quiet] */
  const move = (item, by, quiet) => {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    // The neighbour moves, so that the item keeps its focus.
    if (by < 0) item.after(other);
    else item.before(other);
    asked.clear();
    ends();
    if (!quiet) tell(item);
  };
  /** @param {Element} item */
  const tell = (item) => {
    const items = [...list.children];
    asked.say("", `${item.querySelector("span:not([aria-hidden])")?.textContent}: now ${items.indexOf(item) + 1} of ${items.length}`);
  };
  const ends = () => {
    for (const each of list.children) {
      const [up, down] = each.querySelectorAll("button");
      up.setAttribute("aria-disabled", String(!each.previousElementSibling));
      down.setAttribute("aria-disabled", String(!each.nextElementSibling));
    }
  };
  const old = /** @type {Element} */ (asked.field.querySelector("ul"));
  for (const each of old.querySelectorAll("li")) {
    const text = /** @type {HTMLElement} */ (each.querySelector("span"));
    const grip = make("span", { className: "pv-grip", "aria-hidden": "true" }, "⠿");
    const name = text.textContent;
    const item = make("li", { "data-id": each.dataset.id }, make("div", { className: "pv-item" }, grip, text,
      button("pv-move", "↑", () => move(item, -1), { "aria-label": `Move up: ${name}` }),
      button("pv-move", "↓", () => move(item, 1), { "aria-label": `Move down: ${name}` })));
    item.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      move(item, event.key === "ArrowUp" ? -1 : 1);
    });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      item.classList.add("pv-moving");
    });
    grip.addEventListener("pointermove", ({ pointerId, clientY }) => {
      if (!grip.hasPointerCapture(pointerId)) return;
      /** @param {Element | null} other */
      const middle = (other) => {
        const box = other?.getBoundingClientRect();
        return box && box.top + box.height / 2;
      };
      if (clientY < (middle(item.previousElementSibling) ?? -Infinity)) move(item, -1, true);
      else if (clientY > (middle(item.nextElementSibling) ?? Infinity)) move(item, 1, true);
    });
    grip.addEventListener("lostpointercapture", () => {
      item.classList.remove("pv-moving");
      tell(item);
    });
    list.append(item);
  }
  old.replaceWith(list);
  asked.controls = [];
  ends();
}

/** A crosshair over the drawing, in step with the list of places. @param {Asked} asked */
function crosshair(asked) {
  const { question, field, controls } = asked;
  const drawing = field.querySelector(".pv-drawing svg");
  if (!drawing) return;
  const [left, top, width, height] = (drawing.getAttribute("viewBox") ?? "0 0 100 100").split(/[\s,]+/).map(Number);
  /** @param {string} tag @param {Record<string, any>} given */
  const drawn = (tag, given) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    return made;
  };
  const aim = /** @type {SVGSVGElement} */ (drawn("svg", {
    class: "pv-aim",
    viewBox: `${left} ${top} ${width} ${height}`,
    tabindex: 0,
    role: "application",
    "aria-label": "Crosshair on the drawing: the arrow keys move it, with Shift in bigger steps",
  }));
  const d = "M-10-2V2M10-2V2M0-14V-5M0 14V5M-14 0H-5M14 0H5M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0";
  const halo = drawn("path", { d, class: "pv-halo" }), cross = drawn("path", { d });
  const group = drawn("g", {});
  group.append(halo, cross);
  aim.append(group);
  let at = [left + width / 2, top + height / 2];
  /** @param {number} x @param {number} y */
  const put = (x, y) => {
    at = [Math.min(left + width, Math.max(left, x)), Math.min(top + height, Math.max(top, y))].map((each) => +each.toFixed(2));
    group.setAttribute("transform", `translate(${at}) scale(${width / 500})`);
  };
  asked.place = (x, y) => {
    put(x, y);
    [aim.dataset.x, aim.dataset.y] = at.map(String);
  };
  /** @param {number} x @param {number} y */
  const aimAt = (x, y) => {
    asked.place(x, y);
    asked.clear();
    const spot = spotAt(question, at[0], at[1]);
    let name = "between the places";
    for (const each of controls) {
      each.checked = each.value === spot?.id;
      if (each.checked) name = each.parentElement.textContent.trim();
    }
    asked.say("", `${name} (${at.map(Math.round).join(", ")})`);
  };
  aim.addEventListener("click", (event) => {
    const matrix = aim.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    aimAt(x, y);
  });
  aim.addEventListener("keydown", (event) => {
    const step = (width / 100) * (event.shiftKey ? 5 : 1);
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!x && !y) return;
    event.preventDefault();
    aimAt(at[0] + x * step, at[1] + y * step);
  });
  field.addEventListener("change", ({ target }) => {
    const spot = question.spots.find((/** @type {any} */ each) => each.id === /** @type {any} */ (target).value);
    if (spot && controls.includes(/** @type {any} */ (target))) asked.place(spot.x, spot.y);
  });
  put(at[0], at[1]);
  drawing.after(aim);
}

/** Points by criterion beside the model answer, which the reader gives herself. @param {Asked} asked */
function rubric(asked) {
  const { question, details } = asked;
  for (const criterion of question.rubric) {
    const item = [...details.querySelectorAll("li")].find((each) => each.dataset.for === criterion.id);
    if (!item) continue;
    const most = worth(criterion);
    const control = most === 1 ? make("input", { type: "checkbox" }) : make("select");
    control.dataset.mark = criterion.id;
    if (most !== 1) {
      for (let points = 0; points < most; points++) control.append(make("option", {}, String(points)));
      control.append(make("option", {}, String(most)));
    }
    item.replaceChildren(make("label", {}, control, make("span", {}, ...item.childNodes)));
    control.addEventListener("change", () => {
      details.dataset.marked = "1";
      asked.check();
    });
  }
  asked.field.addEventListener("input", ({ target }) => target === asked.controls[0] && asked.unmark());
}

/**
 * Improve one form: buttons, verdicts, feedback, a summary. Works in any root, attached or not.
 * @param {Element} root The form. @param {Question[]} questions @param {Options} [options]
 */
export function mount(root, questions, options = {}) {
  const { store, saved = {}, outcome } = options;
  const fields = new Map(Array.from(root.querySelectorAll("fieldset"), (each) => [each.id, each]));
  const foot = make("div", { className: "pv-foot", hidden: true });
  /** @type {Asked[]} */
  let all = [];
  const sum = () => {
    const done = all.filter((each) => each.result);
    const counted = all.filter((each) => each.question.type !== "code");
    /** @param {Asked[]} some */
    const points = (some) => pointsOf(
      some.reduce((total, each) => total + (each.result?.points ?? 0), 0),
      some.reduce((total, each) => total + worth(each.question), 0),
    );
    const parts = [];
    if (counted.length > 1 && done.length) {
      parts.push(make("p", {}, make("b", {}, points(counted)), `, with ${done.length} of ${counted.length} questions answered.`));
      const groups = new Map(counted.map((each) => [each.question.outcome ?? "", /** @type {Asked[]} */ ([])]));
      for (const each of counted) groups.get(each.question.outcome ?? "")?.push(each);
      if (groups.size > 1) {
        parts.push(make("ul", {}, ...[...groups].map(([id, some]) => make("li", {}, `${outcome?.(id) || id}: ${points(some)}`))));
      }
    }
    if (store && !store.kept && done.length) parts.push(make("p", { className: "pv-note" }, "This browser does not let the page keep your answers: they last until you leave it."));
    foot.replaceChildren(...parts);
    foot.hidden = !parts.length;
  };
  const refresh = () => {
    const entries = store?.read() ?? {};
    for (const each of all) each.restore(Object.hasOwn(entries, each.question.id) ? entries[each.question.id] : undefined);
  };
  all = questions.flatMap((question) => {
    const field = fields.get(question.id);
    return field ? [new Asked(field, question, options, sum)] : [];
  });
  root.append(foot);
  root.addEventListener("submit", (event) => event.preventDefault());
  for (const each of all) if (Object.hasOwn(saved, each.question.id)) each.answer(saved[each.question.id]);
  refresh();
  return { refresh };
}

// Elements --------------------------------------------------------------------------------------

/** @param {string} site */
const queueKey = (site) => `proverka.review:${site}`;

/** The form of a chapter; the server’s data stand in it as JSON. Attribute `site`: under which name answers are kept. */
export class ProverkaQuiz extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form"), data = this.querySelector("script[type='application/json']");
    if (!this.stop && form && data) {
      const store = new Store(this.getAttribute("site") ?? "");
      const root = /** @type {Document | ShadowRoot} */ (this.getRootNode());
      const { refresh } = mount(form, JSON.parse(data.textContent ?? "[]"), {
        store,
        outcome: (id) => root.getElementById?.(id)?.textContent,
        next: (id) => nextInReview(store, id),
        onAnswer: (question, answer, result) =>
          this.dispatchEvent(new CustomEvent("proverka-answer", { bubbles: true, detail: { question: question.id, answer, score: result } })),
      });
      this.listen = (/** @type {StorageEvent} */ event) => {
        if (event.key === store.key || event.key === null) refresh();
      };
    }
    if (this.listen) addEventListener("storage", this.listen);
  }

  disconnectedCallback() {
    if (this.listen) removeEventListener("storage", this.listen);
  }
}

/**
 * The question that the list on the Progress page has after this one.
 * @param {Store} store @param {string} id
 */
function nextInReview(store, id) {
  try {
    const queue = parsed(sessionStorage.getItem(queueKey(store.site)) ?? "");
    const place = queue.list.findIndex((/** @type {any} */ each) => each.id === id);
    if (place < 0) return undefined;
    const href = queue.list[place + 1]?.href ?? queue.home;
    const text = place + 1 < queue.list.length ? "Next question to review" : "That was the last: back to your progress";
    return /^(https?|file):/.test(href) ? { href, text } : undefined;
  } catch {
    return undefined; // no list, or no storage
  }
}

/** What has been answered, what is due and what was missed, beside the server’s table of chapters and outcomes. */
export class ProverkaProgress extends HTMLElement {
  connectedCallback() {
    const data = this.querySelector("script[type='application/json']");
    if (!this.store && data) this.build(parsed(data.textContent ?? "") ?? []);
    this.listen = () => this.refresh();
    addEventListener("storage", this.listen);
    this.refresh();
  }

  disconnectedCallback() {
    if (this.listen) removeEventListener("storage", this.listen);
  }

  /** @param {Listed[]} listed */
  build(listed) {
    const store = (this.store = new Store(this.getAttribute("site") ?? ""));
    this.listed = listed;
    this.status = make("p", { className: "pv-verdict", role: "status" });
    this.review = make("div", { className: "pv-review" });
    this.querySelector(".pv-without")?.remove();
    for (const row of this.querySelectorAll("tr")) {
      const key = row.dataset.key;
      const cells = ["Answered", "Right", "Due"].map((name) => key == null ? make("th", { scope: "col" }, name) : make("td"));
      row.append(...cells);
    }
    const file = make("input", { type: "file", accept: ".json,application/json", className: "pv-unseen" });
    file.addEventListener("change", async () => {
      const chosenFile = file.files?.[0];
      if (!chosenFile) return;
      try {
        if (chosenFile.size > 4e6) throw Error("it is too large");
        const { found, taken } = store.imported(await chosenFile.text());
        this.say(`Read ${found} answers; took over ${taken} that are later than those here.`);
      } catch (error) {
        this.say(`Nothing was changed. “${chosenFile.name}” cannot be used: ${/** @type {Error} */ (error).message}.`);
      }
      file.value = "";
      this.refresh();
    });
    const dialog = make("dialog", { "aria-label": "Delete everything?" });
    const wipe = () => {
      const count = store.clear();
      dialog.close();
      this.say(`Deleted ${count} answers from this browser.`);
      this.refresh();
    };
    dialog.append(
      make("p", {}, "Delete all answers that this browser keeps for this book? This cannot be undone."),
      make("div", { className: "pv-act" }, button("pv-button pv-check", "Delete", wipe), button("pv-button", "Keep", () => dialog.close())),
    );
    const save = () => {
      const address = URL.createObjectURL(new Blob([store.exported()], { type: "application/json" }));
      make("a", { href: address, download: `progress-${day()}.json` }).click();
      URL.revokeObjectURL(address);
      this.say("Saved to a file.");
    };
    this.append(
      this.review,
      make("div", { className: "pv-act" },
        button("pv-button", "Save to a file", save),
        make("label", { className: "pv-button" }, file, "Read from a file"),
        button("pv-button", "Print", () => print()),
        button("pv-button", "Delete everything", () => dialog.showModal()),
      ),
      this.status,
      dialog,
    );
  }

  /** @param {string} text */
  say(text) {
    this.status?.replaceChildren(text);
  }

  refresh() {
    const { store, listed, review } = this;
    if (!store || !listed || !review) return;
    const entries = new Map(Object.entries(store.read()));
    const today = day();
    const states = listed.map((each) => {
      const entry = entries.get(each.id);
      const stands = entry?.fingerprint === each.fingerprint;
      return {
        ...each,
        answered: stands,
        right: stands && entry?.state === "right",
        due: entry && (!stands || entry.due <= today),
      };
    });
    for (const row of this.querySelectorAll("tr")) {
      const key = row.dataset.key;
      if (key == null) continue;
      const mine = states.filter((each) => !key || each.keys.includes(key));
      const counts = [mine.filter((each) => each.answered), mine.filter((each) => each.right), mine.filter((each) => each.due)];
      counts.forEach((some, at) => (row.cells[at + 2].textContent = some.length ? String(some.length) : "–"));
    }
    const due = states.filter((each) => each.due);
    const missed = states.filter((each) => each.answered && !each.right && !each.due);
    /** @param {string} title @param {typeof states} some */
    const section = (title, some) => !some.length ? [] : [
      make("h2", {}, `${title} (${some.length})`),
      make("ol", {}, ...some.map((each, at) => make("li", {}, make("a", {
        href: each.href,
        textContent: each.stem,
        onclick: () => this.start(some.slice(at)),
      })))),
    ];
    const sections = [...section("Due now", due), ...section("Review what I missed", missed)];
    const nothing = entries.size ? "Nothing is due, and nothing is left to mend." : "You have not answered any question yet.";
    if (!sections.length) sections.push(make("p", {}, nothing));
    if (!store.kept) sections.push(make("p", { className: "pv-note" }, "This browser does not let the page keep your answers."));
    review.replaceChildren(...sections);
  }

  /** Remember the list, so that each question can lead to the next. @param {Listed[]} some */
  start(some) {
    const list = some.map(({ id, href }) => ({ id, href: new URL(href, location.href).href }));
    try {
      sessionStorage.setItem(queueKey(this.store?.site ?? ""), JSON.stringify({ home: location.href, list }));
    } catch {} // then the questions lead nowhere, and that is all
  }
}
