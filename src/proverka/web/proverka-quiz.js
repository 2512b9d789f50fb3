// @ts-check
// Questions that answer back, and a reader’s progress: see docs/scoring.md and docs/progress.md.

/** @import {Build, Entry, Json, Options, Part, Question, Result, Score} from "./types.d.ts" */

// Scoring

/** @param {unknown} value @returns {value is Record<string, any>} */
const isMap = (value) => typeof value === "object" && !!value && !Array.isArray(value);
/** White space as Python sees it. @param {string} text */
const isBlank = (text) => /^(?:(?!\ufeff)[\s\x1c-\x1f\x85])*$/.test(text);
/** Counts characters as Python does. @param {unknown} text @param {number} most @returns {text is string} */
const isText = (text, most) => typeof text === "string" && [...text].length <= most;
/** @param {Json} value @returns {value is number} */
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
/** @param {Record<string, any>} part @returns {number} */
const worth = (part) => part.points ?? 1;
/** @param {Part[]} parts */
const idsOf = (parts) => parts.map((each) => each.id);

/** A mapping whose names and values pass. @param {Json} answer @param {string[]} names @param {(value: Json, name: string) => boolean} fits */
function mapOf(answer, names, fits) {
  const found = Object.entries(answer);
  return isMap(answer) && found.every(([name, value]) => names.includes(name) && fits(value, name)) && new Map(found);
}

/** Letters and digits alone, for comparison. @param {string} text */
export function fold(text) {
  const plain = text.replace(/´/g, "'").normalize("NFKC");
  // By characters, for the sake of ς; lower case first, as ẞ has no other way to “ss”.
  return Array.from(plain, (each) => each.toLowerCase().toUpperCase().toLowerCase())
    .join("")
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}'’‘ʼʻʹʺ′`]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The numbers that an answer can mean. @param {unknown} answer */
function readings(answer) {
  if (isNumber(answer)) return [answer];
  if (!isText(answer, 100)) return [];
  const text = answer
    .replace(/[\s\x1c-\x1f\x85_'’\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
    .replace(/−/g, "-");
  const found = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(text) ? [text.replace(/,/g, "")] : [];
  if (!/,.*[,.]|\..*,/.test(text)) found.push(text.replace(",", "."));
  return found.filter((each) => /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(each)).map(Number);
}

/** The spot whose circle holds a point, the nearest of several. @param {Part[]} spots @param {number} x @param {number} y */
function spotAt(spots, x, y) {
  let found, least = Infinity;
  for (const spot of spots) {
    const distance = (spot.x - x) * (spot.x - x) + (spot.y - y) * (spot.y - y);
    if (distance <= spot.radius * spot.radius && distance < least) [found, least] = [spot, distance];
  }
  return found;
}

/** Equal as JSON. @param {Json} wanted @param {Json} given @param {number} [depth] @returns {boolean} */
function same(wanted, given, depth = 0) {
  if (depth > 50 || typeof wanted !== typeof given) return false;
  if (isNumber(wanted)) {
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

/** @param {Part[]} parts @param {Json} answer @returns {Result} */
function chosen(parts, answer) {
  const part = parts.find((each) => each.id === answer);
  return part ? [part.correct ? 1 : 0, [part.id]] : "malformed";
}

/** @param {Part[]} wrong @param {(is: string) => boolean} test @returns {Result} */
function foreseen(wrong, test) {
  const place = wrong.findIndex((each) => test(each.is_));
  return [0, place < 0 ? [] : [`wrong-${place}`]];
}

/** @type {Record<string, (question: Question, answer: Json) => Result>} */
const SCORERS = {
  choice: ({ options }, answer) => chosen(options, answer),
  choices({ options }, answer) {
    if (!Array.isArray(answer) || !answer.every((each) => idsOf(options).includes(each))) return "malformed";
    const taken = options.filter((each) => answer.includes(each.id));
    const wrong = taken.filter((each) => !each.correct);
    return [(taken.length - 2 * wrong.length) / options.filter((each) => each.correct).length, idsOf(wrong)];
  },
  number({ low, high, wrong = [] }, answer) {
    const numbers = readings(answer);
    if (!numbers.length) return "malformed";
    if (numbers.some((each) => low <= each && each <= high)) return [1, []];
    return foreseen(wrong, (is) => readings(is).some((each) => numbers.includes(each)));
  },
  text({ accept, wrong = [] }, answer) {
    if (!isText(answer, 1000)) return "malformed";
    const given = fold(answer);
    if (!given) return "empty";
    return accept.some((each) => fold(each) === given) ? [1, []] : foreseen(wrong, (is) => fold(is) === given);
  },
  order({ items }, answer) {
    const key = idsOf(items);
    if (!Array.isArray(answer) || answer.length !== key.length || !key.every((each) => answer.includes(each))) return "malformed";
    let sum = 0, pairs = 0;
    for (let later = 1; later < key.length; later++) {
      for (let first = 0; first < later; first++, pairs++) sum += key.indexOf(answer[first]) < key.indexOf(answer[later]) ? 1 : -1;
    }
    return [sum / pairs, []];
  },
  match({ pairs, distractors = [] }, answer) {
    const left = idsOf(pairs), traps = idsOf(distractors);
    const took = mapOf(answer, left, (value) => [null, "", ...left, ...traps].includes(value));
    if (!took) return "malformed";
    if (![...took.values()].some(Boolean)) return "empty";
    const missed = left.filter((each) => took.get(each) !== each);
    const fallen = missed.map((each) => took.get(each)).filter((each) => traps.includes(each));
    return [(left.length - missed.length) / left.length, [...fallen, ...missed]];
  },
  blanks({ blanks }, answer) {
    const filled = mapOf(answer, idsOf(blanks), (value) => value === null || isText(value, 1000));
    if (!filled) return "malformed";
    for (const [id, value] of filled) filled.set(id, fold(value ?? ""));
    if (![...filled.values()].some(Boolean)) return "empty";
    const missed = blanks.filter(({ id, accept }) => !filled.get(id) || !accept.some((each) => fold(each) === filled.get(id)));
    return [(blanks.length - missed.length) / blanks.length, idsOf(missed)];
  },
  pin({ spots }, answer) {
    if (!isMap(answer)) return chosen(spots, answer);
    const point = mapOf(answer, ["x", "y"], isNumber);
    if (!point || point.size < 2) return "malformed";
    const spot = spotAt(spots, answer.x, answer.y);
    return spot ? chosen(spots, spot.id) : [0, []];
  },
  code({ trials }, answer) {
    if (!mapOf(answer, ["source", "results"], () => true) || !isText(answer.source, 20_000)) return "malformed";
    // A page does not hold the trials.
    if (answer.results == null || !trials) return isBlank(answer.source) ? "empty" : "waiting";
    if (!Array.isArray(answer.results) || answer.results.length !== trials.length) return "malformed";
    return [trials.filter((each, at) => same(each.gives, answer.results[at])).length / trials.length, []];
  },
  essay({ rubric }, answer) {
    if (!mapOf(answer, ["text", "marks"], () => true) || !isText(answer.text, 50_000)) return "malformed";
    if (isBlank(answer.text)) return "empty";
    if (answer.marks == null) return "waiting";
    const most = new Map(rubric.map((each) => [each.id, worth(each)]));
    const marks = mapOf(answer.marks, [...most.keys()], (value, name) => isNumber(value) && 0 <= value && value <= (most.get(name) ?? 0));
    if (!marks) return "malformed";
    /** @param {Map<string, number>} points */
    const sum = (points) => rubric.reduce((total, { id }) => total + (points.get(id) ?? 0), 0);
    return [sum(marks) / sum(most), []];
  },
};

/** What an answer, which may be anything, earns. @param {Question} question @param {Json} answer @returns {Score} */
export function score(question, answer) {
  const of = worth(question);
  const given = typeof answer === "string" ? !isBlank(answer) : answer != null && (typeof answer !== "object" || Object.keys(answer).length);
  const result = given ? SCORERS[question.type](question, answer) : "empty";
  if (typeof result === "string") return { points: 0, of, state: result, parts: [] };
  const share = Math.min(1, Math.max(0, result[0]));
  return { points: of * share, of, state: share === 1 ? "right" : share ? "partial" : "wrong", parts: [...new Set(result[1])] };
}

// What is kept

/** The date, so many days from today. */
const day = (later = 0) => {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() + later)).toISOString().slice(0, 10);
};

/** @param {Json} entry */
const isEntry = (entry) =>
  isMap(entry) &&
  typeof entry.fingerprint === "string" &&
  ["right", "partial", "wrong", "waiting"].includes(entry.state) &&
  [entry.points, entry.of - entry.points, entry.attempts].every((each) => each >= 0) &&
  [1, 2, 3, 4, 5].includes(entry.box) &&
  /^\d{4}-\d\d-\d\d$/.test(entry.due) &&
  Date.parse(entry.at) > 0;

/**
 * The entry after an answer. Five boxes of 1, 2, 4, 8 and 16 days: what is known when it is due moves
 * up one, what is not known goes back to the first.
 * @param {Json} old @param {Question} question @param {Json} answer @param {Score} score @param {boolean} known
 */
function reviewed(old, { fingerprint }, answer, { state, points, of }, known) {
  const last = old?.fingerprint === fingerprint ? old : undefined;
  const early = known && last && last.due > day() && last;
  const box = early ? early.box : known ? Math.min(5, (last?.box ?? 1) + 1) : 1;
  const due = early ? early.due : day(2 ** (box - 1));
  return { fingerprint, answer, state, points, of, at: new Date().toISOString(), attempts: (last?.attempts ?? 0) + 1, box, due };
}

/** @param {string | null} text @returns {Json} */
function parsed(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

/** Answers in the browser, or where they cannot be kept, as long as the page. */
export class Store {
  /** @param {string} site @param {Storage} [storage] */
  constructor(site, storage) {
    this.site = site;
    this.storage = storage;
    this.key = `proverka.v1:${site}`;
    this.kept = true;
    /** @type {Record<string, Entry>} */
    this.entries = {};
  }

  /** @param {(storage: Storage) => void} action */
  attempt(action) {
    try {
      if (this.kept) action(this.storage ?? localStorage);
    } catch {
      this.kept = false; // refused, or full
    }
  }

  /** All entries, as the last tab left them. */
  read() {
    this.attempt((storage) => {
      const data = parsed(storage.getItem(this.key));
      // What a newer version wrote is left alone.
      if (data?.version > 1) this.kept = false;
      else this.entries = Object.fromEntries(Object.entries(data?.answers ?? {}).filter(([, entry]) => isEntry(entry)));
    });
    return this.entries;
  }

  /** @param {Record<string, Entry>} entries */
  write(entries) {
    this.entries = entries;
    this.attempt((storage) => storage.setItem(this.key, JSON.stringify({ version: 1, answers: entries })));
  }

  /** @param {string} id @param {Entry} entry */
  put(id, entry) {
    this.write({ ...this.read(), [id]: entry });
  }

  /** Everything as the text of a file. */
  exported() {
    return JSON.stringify({ format: "proverka-progress", version: 1, site: this.site, answers: this.read() });
  }

  /** Take over such a text, of two answers the later. Throws the reason if it cannot. @param {string} text */
  imported(text) {
    const data = parsed(text);
    if (data?.format !== "proverka-progress" || !isMap(data.answers)) throw Error("it holds no progress");
    if (data.version !== 1) throw Error("a newer version of this page wrote it");
    if (data.site !== this.site) throw Error(`it belongs to “${data.site}”`);
    const found = Object.entries(data.answers);
    const bad = found.find(([, entry]) => !isEntry(entry));
    if (bad) throw Error(`its entry “${bad[0]}” cannot be read`);
    const old = new Map(Object.entries(this.read()));
    const later = found.filter(([id, { at }]) => Date.parse(at) > Date.parse(old.get(id)?.at ?? "1970"));
    this.write(Object.fromEntries([...old, ...later]));
    return { found: found.length, later: later.length };
  }
}

const NOT_KEPT = "This browser does not let the page keep your answers: they last until you leave it.";

// Forms

/** @param {ParentNode} root @param {string} selector @returns {any[]} */
const all = (root, selector) => [...root.querySelectorAll(selector)];

/**
 * Names with a hyphen are attributes.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [given] @param {...(Node | string)} children
 */
function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (/-|role/.test(name)) made.setAttribute(name, value);
    else Reflect.set(made, name, value);
  }
  made.append(...children);
  return made;
}

/** @param {string} textContent @param {() => void} onclick @param {Record<string, any>} [more] */
const button = (textContent, onclick, more) => make("button", { type: "button", className: "pv-button", textContent, onclick, ...more });

/** @param {number} points @param {number} of */
const pointsOf = (points, of) => `${+points.toFixed(2)} of ${+of.toFixed(2)} point${of === 1 ? "" : "s"}`;

/** @param {ParentNode} field @param {Question} question */
const controlsOf = (field, { id }) => all(field, "[name]").filter((each) => `${each.name}.`.startsWith(`${id}.`));

/** @param {any} control */
const partOf = (control) => control.name.split(".")[1];

/** The answer that a form holds. @param {ParentNode} field @param {Question} question @returns {Json} */
export function answerOf(field, question) {
  const controls = controlsOf(field, question);
  const values = controls.filter((each) => each.checked).map((each) => each.value);
  switch (question.type) {
    case "choice":
      return values[0] ?? null;
    case "choices":
      return values;
    case "pin": {
      const { x, y } = all(field, ".pv-aim")[0]?.dataset ?? {};
      return values[0] ?? (x ? { x: +x, y: +y } : null);
    }
    case "order":
      return all(field, "[data-id]").map((each) => each.dataset.id);
    case "match":
    case "blanks":
      return Object.fromEntries(controls.map((each) => [partOf(each), each.value]));
    case "essay": {
      const marks = all(field, ".pv-marked [data-mark]").map((each) => [each.dataset.mark, +(each.type === "checkbox" ? each.checked : each.value)]);
      return { text: controls[0].value, ...(marks.length && { marks: Object.fromEntries(marks) }) };
    }
    default:
      return controls[0]?.value ?? null;
  }
}

/** One question on a page. */
class Asked {
  /** @param {HTMLElement} field @param {Question} question @param {Options} options @param {() => void} changed */
  constructor(field, question, options, changed) {
    this.field = field;
    this.question = question;
    this.options = options;
    this.changed = changed;
    /** @type {Score | null} What is shown. */
    this.result = null;
    /** @type {Json} When what is shown was given; true while it is changed. */
    this.at = "";
    /** @type {Json} The entry before this answer; an essay is marked in steps. */
    this.before = null;
    /** @type {(x: number, y: number) => void} */
    this.place = Object;
    this.controls = controlsOf(field, question);
    this.details = all(field, ".pv-answer")[0];
    this.summary = all(this.details, "summary")[0];
    /** @type {Map<string, Element | undefined>} */
    this.whys = new Map(all(this.details, "[data-for]").map((each) => [each.dataset.for, all(each, ".pv-why")[0]]));
    this.note = make("p", { className: "pv-note" });
    this.status = make("p", { className: "pv-verdict", role: "status" });
    this.again = button("Try again", () => this.restart(), { hidden: true });
    /** @type {Json} */
    this.next = undefined;
    const { type } = question;
    if (type === "code") return;
    const check = button(type === "essay" ? "Compare with the model answer" : "Check", () => this.check());
    this.act = make("div", { className: "pv-act" }, check, this.again);
    this.details.before(this.note, this.act, this.status);
    check.classList.add("pv-check");
    this.clear();
    if (type === "order") movable(this);
    if (type === "pin") crosshair(this);
    if (type === "essay") rubric(this);
    field.addEventListener("input", ({ target }) => {
      if (this.details.contains(target)) return;
      this.at = true;
      this.unmark();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || /** @type {any} */ (event.target).type !== "text") return;
      event.preventDefault();
      this.check();
    });
  }

  /** What the live region says. @param {string} seen @param {string} [unseen] @param {string} [sign] */
  say(seen, unseen = "", sign = "") {
    this.status.replaceChildren(
      make("span", { className: "pv-sign", "aria-hidden": "true" }, sign),
      seen,
      make("span", { className: "pv-unseen" }, unseen && ` ${unseen}`),
    );
  }

  check() {
    const { question, options, field } = this;
    const answer = answerOf(field, question);
    const result = score(question, answer);
    const essay = question.type === "essay";
    // Who looks first has not remembered; in an essay, looking is the point.
    const known = result.state === "right" && (essay || !this.details.open);
    const old = options.store?.read()[question.id];
    if (!essay || !answer.marks) this.before = old;
    this.show(answer, result);
    if (!this.result) return;
    const entry = reviewed(this.before, question, answer, result, known);
    this.at = entry.at;
    options.store?.put(question.id, entry);
    options.onAnswer?.(question, answer, result);
    const next = options.next?.(question.id);
    if (next) {
      this.next ??= this.act.appendChild(make("a", { className: "pv-next" }));
      Object.assign(this.next, next);
    }
    this.changed();
  }

  /** Show a verdict and its reasons. @param {Json} answer @param {Score} result */
  show(answer, result) {
    const { question, field, details } = this;
    const { state, points, of, parts } = result;
    const essay = question.type === "essay", right = state === "right";
    this.clear();
    if (state === "empty") return this.say("Give an answer first.");
    if (state === "malformed") return this.say(question.type === "number" ? "That cannot be read as a number." : "That is too long.");
    this.result = result;
    field.dataset.state = state;
    this.note.textContent = "";
    this.again.hidden = false;
    const earned = pointsOf(points, of);
    const sign = right ? "✓" : state === "wrong" ? "✗" : "◐";
    const verdict = {
      waiting: "Now compare, and tick what your text does: the mark is your own.",
      right: `Right. ${earned}`,
      partial: `Partly right: ${earned}`,
      wrong: "Not yet",
    }[state];
    const whys = parts.map((each) => this.whys.get(each)?.textContent ?? "");
    this.say(essay && state !== "waiting" ? `Your own mark: ${earned}` : verdict, whys.join(" ").trim(), sign);
    this.explain(answer, parts);
    if (right && !essay) this.summary.textContent = "The answer, and why";
    if (right || essay) details.open = true;
    this.changed();
  }

  /** Feedback beside what was chosen. @param {Json} answer @param {string[]} parts */
  explain(answer, parts) {
    const { question, controls, field, note } = this;
    const { type } = question;
    const left = new Set(parts);
    let count = 0;
    /** @param {Element} place @param {unknown} good @param {string} word @param {string[]} wanted @param {Element} [control] */
    const add = (place, good, word, wanted, control) => {
      const said = make("p", { className: "pv-said", id: `${question.id}-said-${count++}` });
      if (word) said.append(make("b", { className: `pv-mark${good ? "" : " pv-mark-wrong"}` }, `${good ? "✓" : "✗"} ${word}`));
      for (const each of wanted) {
        const why = left.delete(each) && this.whys.get(each);
        if (why) said.append(" ", ...why.cloneNode(true).childNodes);
      }
      if (!said.hasChildNodes()) return;
      place.append(said);
      control?.setAttribute("aria-describedby", said.id);
    };
    const box = make("div", { className: "pv-said" });
    if (type === "order") {
      const ranks = answer.map((/** @type {string} */ each) => idsOf(question.items).indexOf(each));
      const fits = rising(ranks);
      all(field, "[data-id]").forEach((item, at) => add(item, fits.includes(at), fits.includes(at) ? "In order" : "Out of place", []));
    } else if (type === "number" || type === "text") {
      add(box, false, "", parts, controls[0]);
    } else {
      controls.forEach((each, at) => {
        const part = partOf(each);
        const good = !parts.includes(part);
        if (type === "match") add(each.closest("li"), good, good ? "Right" : "Not yet.", [each.value, part], each);
        else if (type === "blanks") add(box, good, `Blank ${at + 1}: ${good ? "right." : "not yet."}`, [part], each);
        else if (each.checked) {
          const right = (question.options ?? question.spots).find(({ id }) => id === each.value)?.correct;
          left.add(each.value);
          add(each.closest("li"), right, right ? "Right." : "Wrong.", [each.value], each);
        }
      });
    }
    if (box.hasChildNodes()) note.before(box);
  }

  /** Take marks and verdict away. */
  clear() {
    if (this.result) this.details.open = false;
    this.result = null;
    delete this.field.dataset.state;
    this.status.textContent = "";
    this.again.hidden = true;
    this.summary.textContent = this.question.type === "essay" ? "The model answer" : "Show the answer";
    for (const each of this.controls) each.removeAttribute("aria-describedby");
    for (const each of all(this.field, ".pv-said")) each.remove();
    this.changed();
  }

  /** An essay’s marks belong to the text that they were given for. */
  unmark() {
    this.details.classList.remove("pv-marked");
    this.clear();
  }

  restart() {
    this.unmark();
    const first = this.controls.find((each) => each.checked) ?? this.controls[0] ?? all(this.field, ".pv-move")[0];
    first.focus();
    first.select?.();
  }

  /** Fill in an answer and show what it earned. @param {Json} answer */
  answer(answer) {
    const { question, field, details } = this;
    const result = score(question, answer);
    if (/empty|malformed/.test(result.state)) return;
    const map = isMap(answer) ? answer : {};
    for (const each of this.controls) {
      const part = partOf(each);
      if (/radio|checkbox/.test(each.type)) each.checked = [answer].flat().includes(each.value);
      else each.value = part ? map[part] ?? "" : map.text ?? answer;
    }
    if (question.type === "order") {
      const items = all(field, "[data-id]");
      items[0].parentElement.append(...answer.map((/** @type {string} */ id) => items.find((each) => each.dataset.id === id)));
    }
    if (question.type === "pin") {
      const point = question.spots.find((each) => each.id === answer) ?? answer;
      this.place(point.x, point.y);
    }
    details.classList.toggle("pv-marked", !!map.marks);
    for (const each of all(details, "[data-mark]")) {
      const points = map.marks?.[each.dataset.mark] ?? 0;
      if (each.type === "checkbox") each.checked = points;
      else each.value = points;
    }
    this.show(answer, result);
  }

  /** Show what was answered before, if it still stands. @param {Entry | undefined} entry */
  restore(entry) {
    if (!entry || entry.at === this.at || this.at === true) return;
    this.at = entry.at;
    const when = new Date(entry.at).toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    if (entry.fingerprint !== this.question.fingerprint) this.note.textContent = "This question has changed since you answered it.";
    else if (entry.due <= day()) this.note.textContent = `Time to review: you last answered this on ${when}.`;
    else this.answer(entry.answer);
  }
}

/** The places of a longest run of numbers that rise. @param {number[]} ranks */
function rising(ranks) {
  /** @type {number[][]} */
  const runs = [];
  ranks.forEach((rank, place) => {
    const before = runs.filter((run) => ranks[run[0]] < rank).sort((one, other) => other.length - one.length)[0] ?? [];
    runs.push([place, ...before]);
  });
  return runs.sort((one, other) => other.length - one.length)[0];
}

/** A list whose items move. @param {Asked} asked */
function movable(asked) {
  const list = make("ol", { className: "pv-list" });
  const [old] = all(asked.field, "ul");
  const ends = () => {
    for (const each of list.children) {
      const [up, down] = all(each, "button");
      up.ariaDisabled = `${!each.previousElementSibling}`;
      down.ariaDisabled = `${!each.nextElementSibling}`;
    }
  };
  for (const each of all(old, "li")) {
    const [text] = all(each, "span");
    const name = text.textContent;
    const move = (/** @type {boolean} */ up) => {
      const other = up ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      // The neighbour moves, so that the item keeps its focus.
      item[up ? "after" : "before"](other);
      asked.clear();
      ends();
      asked.say("", `${name}: now ${[...list.children].indexOf(item) + 1} of ${list.childElementCount}`);
    };
    const grip = make("span", { className: "pv-grip", "aria-hidden": "true" }, "⠿");
    const item = make("li", { "data-id": each.dataset.id }, make("div", { className: "pv-item" }, grip, text,
      button("↑", () => move(true), { className: "pv-move", "aria-label": `Move up: ${name}` }),
      button("↓", () => move(false), { className: "pv-move", "aria-label": `Move down: ${name}` })));
    item.onkeydown = (event) => {
      if (!event.altKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
      event.preventDefault();
      move(event.key === "ArrowUp");
    };
    grip.onpointerdown = (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      item.classList.add("pv-moving");
    };
    grip.onpointermove = ({ pointerId, clientY }) => {
      if (!grip.hasPointerCapture(pointerId)) return;
      /** @param {Element | null} other */
      const past = (other) => {
        const box = other?.getBoundingClientRect();
        return box ? clientY - box.top - box.height / 2 : 0;
      };
      if (past(item.previousElementSibling) < 0) move(true);
      else if (past(item.nextElementSibling) > 0) move(false);
    };
    grip.onlostpointercapture = () => item.classList.remove("pv-moving");
    list.append(item);
  }
  old.replaceWith(list);
  asked.controls = [];
  ends();
}

/** A crosshair over the drawing. @param {Asked} asked */
function crosshair(asked) {
  const { question, field, controls } = asked;
  const [drawing] = all(field, ".pv-drawing svg");
  if (!drawing) return;
  const { x: left, y: top, width, height } = drawing.viewBox.baseVal;
  drawing.insertAdjacentHTML("afterend", `<svg class="pv-aim" viewBox="${[left, top, width, height]}" tabindex="0" role="application" aria-label="Crosshair: arrow keys move it, with Shift in bigger steps"><path d="M-14 0H-5M14 0H5M0-14V-5M0 14V5M7 0A7 7 0 1 1-7 0A7 7 0 1 1 7 0"/></svg>`);
  const aim = drawing.nextSibling;
  let at = [0, 0];
  asked.place = (x, y) => {
    at = [Math.min(left + width, Math.max(left, x)), Math.min(top + height, Math.max(top, y))].map((each) => +each.toFixed(2));
    aim.firstChild.setAttribute("transform", `translate(${at}) scale(${width / 500})`);
    [aim.dataset.x, aim.dataset.y] = at;
  };
  /** @param {number} x @param {number} y */
  const choose = (x, y) => {
    asked.place(x, y);
    asked.clear();
    const spot = spotAt(question.spots, at[0], at[1]);
    for (const each of controls) each.checked = each.value === spot?.id;
    const name = controls.find((each) => each.checked)?.parentElement.textContent.trim() ?? "between the places";
    asked.say("", `${name} (${at.map(Math.round).join(", ")})`);
  };
  aim.addEventListener("click", (/** @type {MouseEvent} */ { clientX, clientY }) => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(aim.getScreenCTM().inverse());
    choose(x, y);
  });
  aim.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = (width / 100) * (event.shiftKey ? 5 : 1);
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (x == null) return;
    event.preventDefault();
    choose(at[0] + x * step, at[1] + y * step);
  });
  field.addEventListener("change", ({ target }) => {
    const spot = controls.includes(target) && question.spots.find(({ id }) => id === /** @type {any} */ (target).value);
    if (spot) asked.place(spot.x, spot.y);
  });
  asked.place(left + width / 2, top + height / 2);
  delete aim.dataset.x; // not placed by the reader
}

/** Points by criterion. @param {Asked} asked */
function rubric(asked) {
  const { question, details } = asked;
  for (const { id, points } of question.rubric) {
    const item = all(details, "li").find((each) => each.dataset.for === id);
    const marks = points ? [...Array(Math.ceil(points)).keys(), points] : [];
    const control = make(points ? "select" : "input", { type: "checkbox", "data-mark": id }, ...marks.map((each) => make("option", {}, `${each}`)));
    item.replaceChildren(make("label", {}, control, make("span", {}, ...item.childNodes)));
    control.onchange = () => {
      details.classList.add("pv-marked");
      asked.check();
    };
  }
}

/** Improve one form, in any root, attached or not. @param {Element} root @param {Question[]} questions @param {Options} [options] */
export function mount(root, questions, options = {}) {
  const { store, saved = {}, outcome } = options;
  const fields = new Map(all(root, "fieldset").map((each) => [each.id, each]));
  const foot = make("div", { className: "pv-foot" });
  /** @type {Asked[]} */
  let asked = [];
  const sum = () => {
    const counted = asked.filter((each) => each.question.type !== "code");
    const done = counted.filter((each) => each.result).length;
    /** @param {Asked[]} some */
    const points = (some) => pointsOf(
      some.reduce((total, each) => total + (each.result?.points ?? 0), 0),
      some.reduce((total, each) => total + worth(each.question), 0),
    );
    foot.replaceChildren();
    if (counted.length > 1 && done) {
      foot.append(make("p", {}, make("b", {}, points(counted)), ` in all, ${done} of ${counted.length} questions answered.`));
      const outcomes = [...new Set(counted.map((each) => each.question.outcome))];
      const lines = outcomes.map((id) => make("li", {}, `${points(counted.filter((each) => each.question.outcome === id))}: ${outcome?.(id) || id}`));
      if (lines.length > 1) foot.append(make("ul", {}, ...lines));
    }
    if (done && store && !store.kept) foot.append(make("p", { className: "pv-note" }, NOT_KEPT));
  };
  asked = questions.filter(({ id }) => fields.has(id)).map((each) => new Asked(fields.get(each.id), each, options, sum));
  const refresh = () => {
    const entries = store?.read() ?? {};
    for (const each of asked) each.restore(entries[each.question.id]);
  };
  root.append(foot);
  root.addEventListener("submit", (event) => event.preventDefault());
  for (const each of asked) each.answer(saved[each.question.id]);
  refresh();
  return { refresh };
}

// Elements

/** Elements that follow what other tabs write; their attribute `site` names the store. @param {Build} build */
const following = (build) =>
  class extends HTMLElement {
    /** @type {Json} */
    refresh;

    connectedCallback() {
      const data = parsed(all(this, "script")[0]?.textContent);
      if (data) this.refresh ??= build(this, data, new Store(this.getAttribute("site") ?? ""));
      addEventListener("storage", this.refresh);
    }

    disconnectedCallback() {
      removeEventListener("storage", this.refresh);
    }
  };

/** A chapter’s form. */
export class ProverkaQuiz extends following(
  (host, questions, store) =>
    mount(all(host, "form")[0], questions, {
      store,
      outcome: (id) => /** @type {Json} */ (host.getRootNode()).getElementById?.(id)?.textContent,
      next: (id) => nextInReview(store.key, id),
      onAnswer: ({ id }, answer, result) =>
        host.dispatchEvent(new CustomEvent("proverka-answer", { bubbles: true, detail: { id, answer, ...result } })),
    }).refresh,
) {}

/** A link to what the list of the Progress page has after a question. @param {string} key @param {string} id */
function nextInReview(key, id) {
  try {
    const [home, ...list] = parsed(sessionStorage.getItem(key));
    const place = list.findIndex((/** @type {Part} */ each) => each.id === id);
    if (place < 0) return;
    const href = list[place + 1]?.href;
    return { href: href ?? home, textContent: href ? "Next question to review" : "That was the last: back to your progress" };
  } catch {} // no list, or no storage
}

/** What was answered, is due and was missed. */
export class ProverkaProgress extends following((host, listed, store) => {
  for (const each of all(host, "[hidden], .pv-without")) each.hidden = !each.hidden;
  const [review, status, save, file, ask, dialog, wipe, keep] = all(host, ".pv-review, [role], input, dialog, button");
  const refresh = () => {
    const entries = store.read(), today = day();
    const states = listed.map((each) => {
      const entry = entries[each.id];
      const stands = entry?.fingerprint === each.fingerprint;
      return { ...each, stands, right: stands && entry.state === "right", due: entry && (!stands || entry.due <= today) };
    });
    for (const { dataset, cells } of all(host, "[data-key]")) {
      ["stands", "right", "due"].forEach((name, at) => {
        const some = states.filter((/** @type {Json} */ each) => each[name] && (!dataset.key || each.keys.includes(dataset.key)));
        cells[at + 2].textContent = some.length || "–";
      });
    }
    review.textContent = "";
    /** @param {string} title @param {Json[]} some */
    const section = (title, some) => some.length && review.append(
      make("h2", {}, `${title} (${some.length})`),
      make("ol", {}, ...some.map(({ href, stem }, at) => make("li", {}, make("a", { href, onclick: () => begin(some.slice(at)) }, stem)))),
    );
    section("Due now", states.filter((each) => each.due));
    section("Review what I missed", states.filter((each) => each.stands && !each.right && !each.due));
    if (!review.textContent) review.append(make("p", {}, Object.keys(entries).length ? "Nothing is due, and nothing is left to mend." : "You have not answered any question yet."));
    if (!store.kept) review.append(make("p", { className: "pv-note" }, NOT_KEPT));
  };
  /** Keep the list for this tab. @param {Part[]} some */
  const begin = (some) => {
    const list = some.map(({ id, href }) => ({ id, href: new URL(href, location.href).href }));
    try {
      sessionStorage.setItem(store.key, JSON.stringify([location.href, ...list]));
    } catch {} // questions lead nowhere, then
  };
  /** @param {string} text */
  const say = (text) => {
    status.textContent = text;
    refresh();
  };
  save.onclick = () => {
    const href = URL.createObjectURL(new Blob([store.exported()]));
    make("a", { href, download: `progress-${day()}.json` }).click();
    say("Saved to a file.");
  };
  file.onchange = async () => {
    const [given] = file.files;
    try {
      const { found, later } = store.imported(given.size < 4e6 ? await given.text() : "");
      say(`Read ${found} answers and took over ${later}, which are later than those here.`);
    } catch (error) {
      say(`Nothing was changed: “${given.name}” cannot be used, as ${/** @type {Error} */ (error).message}.`);
    }
    file.value = "";
  };
  ask.onclick = () => dialog.showModal();
  keep.onclick = () => dialog.close();
  wipe.onclick = () => {
    const count = Object.keys(store.read()).length;
    store.write({});
    dialog.close();
    say(`Deleted ${count} answers.`);
  };
  refresh();
  return refresh;
}) {}
