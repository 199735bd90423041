// @ts-check
/* Why something is not believed. */

/** `code` is one of docs/errors.md, or of docs/offline.md for what only a browser meets; `detail` names what it is about. */
export class Refused extends Error {
  /** @param {string} code @param {string} message @param {string} [detail] */
  constructor(code, message, detail) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

/** @param {string} code @param {string} message @param {string} [detail] @returns {never} */
export function refuse(code, message, detail) {
  throw new Refused(code, message, detail);
}
