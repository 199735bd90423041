// @ts-check
/* Reads a QR code off a photo or a screenshot, where the browser does so itself. The picture goes nowhere. */

import { refuse } from "./refused.js";

/** The first bytes of PNG, JPEG and WebP. */
const PICTURES = ["\x89PNG", "\xff\xd8\xff", "RIFF"];

/** @param {Uint8Array} bytes */
export const isPicture = (bytes) => PICTURES.some((start) => String.fromCharCode(...bytes.slice(0, start.length)) === start);

/** The text of the one code in a picture. @param {Blob} file @returns {Promise<string>} */
export async function codeIn(file) {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Detector) return refuse("codes_not_here", "this browser reads no codes");
  const picture = await createImageBitmap(file).catch(() => refuse("image_damaged", "not a picture"));
  const found = await new Detector({ formats: ["qr_code"] }).detect(picture);
  return found.length === 1 ? found[0].rawValue : refuse("no_code", "not one code in the picture");
}
