// @ts-check
/* The sentence of a confirmed credential: who confirmed what of whom, as page and component show it. */

import { domainOf } from "./domains.js";

/** @typedef {import("./facts.js").Facts} Facts */

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** @param {string} text such as 2026-05-02 */
export const day = (text) => `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1]} ${Number(text.slice(0, 4))}`;

/** @param {string} tag @param {string} style @param {string} text */
export function element(tag, style, text) {
  const made = document.createElement(tag);
  if (style) made.className = style;
  made.textContent = text;
  if (tag === "bdi") made.dir = "auto";
  return made;
}

/** The sentence, with what was signed set apart. @param {Facts} facts @returns {(string | Node)[]} */
export function sentence(facts) {
  const domain = domainOf(facts.issuer);
  const numbers = [facts.hours && (facts.hours === "1" ? "1 hour" : `${facts.hours} hours`), period(facts)].filter(Boolean).join(", ");
  const who = element("bdi", "verdict__issuer", facts.employer ?? (domain || facts.issuer));
  const title = facts.title ? ["“", element("bdi", "verdict__title", facts.title), "”"] : ["this"];
  return [
    who, ...(domain && facts.employer ? [" (", element("bdi", "verdict__domain", domain), ")"] : []),
    facts.student ? " confirmed" : " signed", facts.signedAt ? ` on ${day(facts.signedAt)}` : "",
    ...(facts.student ? [" that ", element("bdi", "verdict__student", facts.student), " completed "] : [": "]),
    ...title, `${numbers ? `: ${numbers}` : ""}.`,
  ];
}

/** @param {Facts} facts */
function period({ start, end }) {
  if (!start || !end || start === end) return start || end ? day(String(start || end)) : "";
  if (start.slice(0, 7) === end.slice(0, 7)) return `${Number(start.slice(8))}–${day(end)}`;
  return `${start.slice(0, 4) === end.slice(0, 4) ? day(start).replace(/ [0-9]+$/, "") : day(start)} – ${day(end)}`;
}
