// @ts-check
import { ProverkaProgress, ProverkaQuiz } from "./proverka-quiz.js";

customElements.define("proverka-quiz", ProverkaQuiz);
customElements.define("proverka-progress", ProverkaProgress);
