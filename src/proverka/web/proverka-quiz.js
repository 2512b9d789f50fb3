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
