// @ts-check
/* Scans a QR code with the camera: by the browser's own detector, else by zxing-wasm from our own server, else by a
   picture that the server reads. Where a code leads is shown before anything is opened, and nothing is opened from
   here: the code's text goes to our own /verify, like text that was pasted. No picture leaves the device but the one that
   a person takes. */

import { checkFiles, checkText } from "./drop.js";

const LIBRARY = "/static/vendor/zxing-wasm/";
const EVERY_MS = 120;
/** Enough of an address to recognise it by. */
const SHOWN = 200;

/** @param {string} name @returns {any} */
const part = (name) => document.getElementById(name);
const dialog = /** @type {HTMLDialogElement} */ (part("scanner"));
const video = /** @type {HTMLVideoElement} */ (part("scanner-video"));
const canvas = document.createElement("canvas");

/** Reads a QR code off the canvas; null when none is to be seen.
    @typedef {(canvas: HTMLCanvasElement) => Promise<string | null>} Reader */

/** The browser's own detector. @returns {Promise<Reader | null>} */
async function native() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Detector || !(await Detector.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new Detector({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
}

/** The library that `make setup` brings; it is not always there. @returns {Promise<Reader | null>} */
async function brought() {
  const { prepareZXingModule, readBarcodes } = await import(`${LIBRARY}reader/index.js`);
  await prepareZXingModule({ overrides: { locateFile: (/** @type {string} */ name) => LIBRARY + name }, fireImmediately: true });
  return async (picture) => {
    const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
    const pixels = context.getImageData(0, 0, picture.width, picture.height);
    const [found] = await readBarcodes(pixels, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    return found?.isValid ? found.text : null;
  };
}

/** @type {Promise<Reader | null> | undefined} */
let reader;
/** The first way of reading that works here; null: a picture is taken. */
function readerHere() {
  reader ??= native().catch(() => null).then((found) => found ?? brought()).catch(() => null);
  return reader;
}

/** @type {MediaStream | null} */
let stream = null;
/** Counts openings: what an earlier one still waits for is dropped. */
let opening = 0;
let seen = "";

/** @param {string} name of a data attribute */
const say = (name) => { part("scanner-word").textContent = name && (dialog.dataset[name] ?? ""); };

/** Show one set of buttons. @param {...string} names */
function offer(...names) {
  for (const name of ["check", "shoot", "again"]) part(`scanner-${name}`).hidden = !names.includes(name);
}

function stop() {
  opening += 1;
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
}

async function start() {
  stop();
  const mine = opening;
  seen = "";
  part("scanner-found").hidden = true;
  part("scanner-frame").hidden = false;
  offer();
  say("looking");
  if (!dialog.open) dialog.showModal();
  try {
    const given = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 1280 } } });
    if (mine !== opening) return given.getTracks().forEach((track) => track.stop());
    stream = given;
    video.srcObject = given;
    await video.play();
  } catch {
    if (mine === opening) failed();
    return;
  }
  const read = await readerHere();
  if (mine !== opening) return;
  if (read) return look(read, mine);
  say("picture");
  offer("shoot");
}

/** The camera cannot be had: say so, and offer what works without it. */
function failed() {
  part("scanner-frame").hidden = true;
  say("denied");
  part("photo-way").hidden = false;
}

/** @param {Reader} read @param {number} mine */
async function look(read, mine) {
  while (mine === opening) {
    const text = draw() ? await read(canvas).catch(() => null) : null;
    if (mine === opening && text) return found(text);
    await new Promise((done) => { setTimeout(done, EVERY_MS); });
  }
}

/** Put what the camera sees on the canvas. */
function draw() {
  if (!video.videoWidth) return false;
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d", { willReadFrequently: true })?.drawImage(video, 0, 0);
  return true;
}

/** Show where the code leads; nothing is opened yet. @param {string} text */
function found(text) {
  stop();
  part("scanner-frame").hidden = true;
  const address = addressIn(text);
  const credential = /^\s*(?:\{|eyJ[\w-]+\.)/.test(text);
  seen = address || credential ? text : "";
  part("scanner-found").hidden = !address;
  part("scanner-host").textContent = address?.host ?? "";
  part("scanner-address").textContent = address ? address.href.split("#")[0].slice(0, SHOWN) : "";
  say(address ? "" : credential ? "credential" : "else");
  offer("again", ...(seen ? ["check"] : []));
  part(seen ? "scanner-check" : "scanner-again").focus();
}

/** @param {string} text */
function addressIn(text) {
  try {
    const address = new URL(text.trim());
    return ["https:", "http:"].includes(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

function shoot() {
  if (!draw()) return;
  canvas.toBlob((picture) => {
    if (!picture) return;
    dialog.close();
    checkFiles([new File([picture], "code.jpg", { type: "image/jpeg" })]);
  }, "image/jpeg", 0.9);
}

const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-scan]"));
if (navigator.mediaDevices && dialog.showModal) {
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", start);
  }
  part("photo-way").hidden = true;
  part("scanner-check").addEventListener("click", () => { const text = seen; dialog.close(); checkText(text); });
  part("scanner-shoot").addEventListener("click", shoot);
  part("scanner-again").addEventListener("click", start);
  part("scanner-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", stop);
}
