// @ts-check
/* <plaudit-credential src="https://…/c/ID.jwt">: verifies the record in the visitor's browser and says what was found.
   It asks the record's address, the issuer's own domain for its keys, and its status list: nobody else, and without
   cookies or referrer. What stands inside of the element is shown when nothing could be confirmed. */

import { dress } from "./component-look.js";
import { checkCredential, readToken } from "./credential-check.js";
import { didWebUrl, keysOfDocument } from "./did-document.js";
import { factsOf } from "./facts.js";
import { mark } from "./marks.js";
import { momentOfDate } from "./moments.js";
import { Refused, refuse } from "./refused.js";
import { day, element, sentence } from "./sentences.js";
import { standingOf } from "./status-list.js";

/** @typedef {import("./status-list.js").Standing} Standing */
/** @typedef {{verdict: string, tone: string, word: string, why: string, heading: (string | Node)[], record?: string}} Answer */

const WAIT_MS = 6000, MAX_BYTES = 1000000;
const TOKEN = "application/vc+jwt";
/** The site that this module came from: its verifier is linked. */
const HOME = new URL(import.meta.url).origin;

/** @type {Record<Standing, [string, string, string, string]>} */
const STANDINGS = {
  none: ["valid", "good", "Valid", "Unchanged. It names no place where a withdrawal would be published."],
  standing: ["valid", "good", "Valid", "Unchanged and not withdrawn. Checked just now, in your browser."],
  withdrawn: ["withdrawn", "bad", "Withdrawn", "The issuer has withdrawn it."],
  suspended: ["suspended", "bad", "Suspended", "The issuer has suspended it for now."],
  unknown: ["cannot_check", "caution", "Signature confirmed", "Whether it was withdrawn could not be found out now."],
};

const CANNOT = ["caution", "Can’t check right now"], NOT_CONFIRMED = ["bad", "Not confirmed"], CHANGED = ["bad", "Changed after signing"];
/** Why nothing is shown: codes, tone, word, reason; `%` stands for a day. The last one is for all that is not named. */
const REASONS = [
  ["record_unreachable internal_error", ...CANNOT, "The record could not be fetched."],
  ["keys_unknown", ...CANNOT, "The issuer’s keys could not be fetched from its domain."],
  ["browser_cannot", ...CANNOT, "This browser cannot check signatures of this kind."],
  ["format_not_here did_method_not_supported context_not_known", "caution", "Can’t check here", "It is written or signed in a way that is not checked in a browser."],
  ["signature_invalid", ...CHANGED, "The record is not what was signed."],
  ["kid_unknown issuer_mismatch verification_relationship", ...NOT_CONFIRMED, "It was not signed with a key of the issuer whom it names."],
  ["key_revoked key_later_withdrawn key_expired", ...NOT_CONFIRMED, "The key that it was signed with was withdrawn, or had ended."],
  ["expired proof_expired", "caution", "Expired", "It expired on %."],
  ["not_yet_valid proof_created_in_future", "caution", "Not yet valid", "It does not hold yet. Is this device’s clock right?"],
  ["", ...CHANGED, "It is not written as an issuer writes it."],
];

/** What is at an address, for which nobody is told who asks. @param {string} address @param {string} missing @param {string} [accept] */
async function fetched(address, missing, accept) {
  const url = new URL(address, document.baseURI);
  if (url.protocol !== "https:" && !["localhost", "127.0.0.1"].includes(url.hostname)) refuse(missing, "not over https");
  try {
    const answer = await fetch(url, {
      credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(WAIT_MS), headers: accept ? { Accept: accept } : {},
    });
    const bytes = answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
    return bytes && bytes.length <= MAX_BYTES ? bytes : refuse(missing, "no answer that could be used");
  } catch {
    return refuse(missing, "no answer");
  }
}

/** @param {string} source @returns {Promise<Answer>} */
async function judged(source) {
  try {
    const now = momentOfDate(new Date());
    const read = readToken(await fetched(source, "record_unreachable", TOKEN)) ?? refuse("format_not_here", "no token");
    if (!read.issuer.startsWith("did:web:")) refuse("did_method_not_supported", "no domain whose document a browser could ask for");
    const keys = keysOfDocument(await fetched(didWebUrl(read.issuer), "keys_unknown"), read.issuer);
    const checked = await checkCredential(read, keys, now);
    const facts = factsOf(checked);
    const standing = await standingOf(checked.status, read.issuer, keys, now, (url) => fetched(url, "status_list_unreachable", TOKEN));
    const [verdict, tone, word, why] = STANDINGS[standing];
    return { verdict, tone, word, why, heading: sentence(facts), record: facts.record };
  } catch (error) {
    const { code, detail } = error instanceof Refused ? error : { code: "internal_error", detail: undefined };
    const [, tone, word, why] = REASONS.find(([codes]) => codes.split(" ").includes(code)) ?? REASONS[REASONS.length - 1];
    return { verdict: code, tone, word, why: why.replace("%", detail ? day(detail) : "an unknown day"), heading: [] };
  }
}

/** @param {string} address @param {string} text */
function link(address, text) {
  const made = /** @type {HTMLAnchorElement} */ (element("a", "", text));
  made.href = address;
  made.rel = "noopener noreferrer";
  return made;
}

class PlauditCredential extends HTMLElement {
  static observedAttributes = ["src"];
  #root = this.attachShadow({ mode: "open" });
  #begun = 0;

  constructor() {
    super();
    dress(this.#root);
    this.#root.append(document.createElement("slot"));
  }

  connectedCallback() { this.#check(); }

  attributeChangedCallback() { if (this.#begun) this.#check(); }

  async #check() {
    const mine = ++this.#begun, source = this.getAttribute("src") ?? "";
    const answer = await judged(source);
    if (mine === this.#begun) this.#show(answer, source);
  }

  /** @param {Answer} answer @param {string} source */
  #show({ verdict, tone, word, why, heading, record }, source) {
    const card = element("div", `card ${tone}`, "");
    const text = element("p", "sentence", "");
    text.append(...heading);
    const status = element("div", "status", "");
    status.setAttribute("role", "status");
    const words = element("div", "", "");
    words.append(element("p", "word", word), element("p", "", why));
    status.append(mark(tone), words);
    const links = element("div", "links", "");
    const again = `${HOME}/verify?url=${encodeURIComponent(new URL(source, document.baseURI).href)}`;
    links.append(...(record ? [link(record, "See the work")] : [document.createElement("slot")]), link(again, "Check it at the verifier"));
    card.append(text, status, links);
    this.#root.replaceChildren(card);
    this.dataset.verdict = verdict;
    this.dispatchEvent(new CustomEvent("plaudit-verdict", { bubbles: true, detail: { verdict, word } }));
  }
}

if (!customElements.get("plaudit-credential")) customElements.define("plaudit-credential", PlauditCredential);
