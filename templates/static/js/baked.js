// @ts-check
/* Takes the credential out of a badge image, PNG or SVG (Open Badges 3.0, 5.3). No pixel is decoded, nothing is drawn. */

import { refuse } from "./refused.js";
import { textOf } from "./strict-json.js";

const NAMESPACE = "https://purl.imsglobal.org/ob/v3p0";
const MAX_IMAGE = 5000000, KEYWORD = "openbadgecredential";
const PNG = [0x89, 0x50, 0x4e, 0x47];

/** The credential in a file: the file itself, when it is no image. @param {Uint8Array} bytes @returns {Uint8Array} */
export function credentialIn(bytes) {
  if (bytes.length > MAX_IMAGE) refuse("input_too_large", "larger than any badge");
  if (PNG.every((byte, at) => bytes[at] === byte)) return ofPng(bytes);
  const start = String.fromCharCode(...bytes.slice(0, 64)).trimStart();
  if (start.startsWith("%PDF")) refuse("format_not_here", "a PDF", "PDF");
  return start.startsWith("<") ? ofSvg(bytes) : bytes;
}

/** @param {Uint8Array} bytes */
function ofPng(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const body = bytes.subarray(at + 8, at + 8 + view.getUint32(at));
    const kind = String.fromCharCode(...bytes.slice(at + 4, at + 8));
    if (kind === "IEND") break;
    if (kind === "iTXt" && String.fromCharCode(...body.slice(0, KEYWORD.length + 1)) === KEYWORD + "\0") found.push(textChunk(body));
    at += 12 + view.getUint32(at);
  }
  return one(found);
}

/** Keyword, compression flag and method, language, translated keyword, text. @param {Uint8Array} body */
function textChunk(body) {
  const rest = body.subarray(KEYWORD.length + 1);
  if (rest[0] || rest[1]) refuse("format_not_here", "compressed text", "compressed PNG text");
  const language = rest.indexOf(0, 2), translated = rest.indexOf(0, language + 1);
  return language < 0 || translated < 0 ? refuse("image_damaged", "the text chunk is not well formed") : rest.slice(translated + 1);
}

/** @param {Uint8Array} bytes */
function ofSvg(bytes) {
  const text = textOf(bytes);
  if (/<!DOCTYPE/i.test(text)) refuse("image_damaged", "a document type is not read");
  const image = new DOMParser().parseFromString(text, "image/svg+xml");
  if (image.querySelector("parsererror") || image.documentElement.localName !== "svg") refuse("image_damaged", "not an SVG");
  const elements = [...image.getElementsByTagNameNS(NAMESPACE, "credential")];
  return one(elements.flatMap((element) => [element.getAttribute("verify") ?? "", element.textContent ?? ""])
    .map((held) => held.trim()).filter(Boolean).map((held) => new TextEncoder().encode(held)));
}

/** @param {Uint8Array[]} found */
function one(found) {
  return found.length === 1 ? found[0] : refuse(found.length ? "baked_twice" : "not_baked", "not one credential in the image");
}
