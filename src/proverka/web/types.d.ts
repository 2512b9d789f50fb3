/** What proverka-quiz.js handles; only its type checker reads this. */

import type { Store } from "./proverka-quiz.js";

export type Json = any;

/** An option, item, pair, distractor, blank, spot, criterion or trial; see src/proverka/model.py. */
export type Part = Record<string, any> & { id: string; accept: string[] };

/** As Python’s `to_data()` writes it, or the leaner data of a page. */
export type Question = Part & { type: string; points?: number } & Record<
    "options" | "spots" | "items" | "pairs" | "distractors" | "wrong" | "blanks" | "rubric" | "trials",
    Part[]
  >;

export type State = "right" | "partial" | "wrong" | "empty" | "malformed" | "waiting";

/** A state without points, or the share earned and the parts whose feedback is due. */
export type Result = State | [share: number, parts: string[]];

/** `parts` names the lines of feedback, in the question’s order. */
export type Score = { points: number; of: number; state: State; parts: string[] };

/** What is kept of the last answer to a question. `at` is a time, `due` a day. */
export type Entry = {
  fingerprint: string;
  answer: Json;
  state: State;
  points: number;
  of: number;
  at: string;
  attempts: number;
  box: number;
  due: string;
};

export type Options = {
  /** Where answers are kept. */
  store?: Store;
  /** Answers to begin with, by question id. */
  saved?: Record<string, Json>;
  onAnswer?: (question: Question, answer: Json, score: Score) => void;
  /** The words of an outcome. */
  outcome?: (outcome: string) => string | null | undefined;
  /** What to review after a question, as properties of a link. */
  next?: (question: string) => { href: string; textContent: string } | undefined;
};

/** Builds an element from the JSON in it, and gives what to do when the store has changed. */
export type Build = (host: HTMLElement, data: any[], store: Store) => () => void;
