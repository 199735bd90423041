// @ts-check
/* How <plaudit-credential> looks: a card in light and dark, by no style sheet of the page that it stands in. */

const CSS = `
:host { display: block; max-width: 36rem; color-scheme: light dark; }
:host([hidden]) { display: none; }
.card { --tone: #5b5f6b; --wash: #f1f1f4; --surface: #fff; --ink: #1d2030; --soft: #565b6b; --line: #d9dbe3;
  font: 400 1rem/1.45 system-ui, sans-serif; color: var(--ink); background: var(--surface); border: 1px solid var(--line);
  border-top: 4px solid var(--tone); border-radius: 10px; overflow: hidden; overflow-wrap: anywhere; }
.good { --tone: #14683f; --wash: #e8f4ed; } .caution { --tone: #8a5300; --wash: #fdf3e1; } .bad { --tone: #a8201a; --wash: #fcebea; }
.sentence { margin: 0; padding: 1rem 1.15rem; font-size: 1.125rem; } .sentence:empty { display: none; }
.verdict__issuer, .verdict__student, .verdict__title { font-weight: 650; } .verdict__domain { color: var(--soft); font-size: .9em; }
.status { display: flex; gap: .75rem; align-items: center; background: var(--wash); padding: .8rem 1.15rem; }
.status svg { width: 1.9rem; height: 1.9rem; flex: none; fill: var(--tone); stroke: var(--surface); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
.status .ground { stroke: none; } .status p { margin: 0; font-size: .9375rem; } .status .word { font-size: 1.125rem; font-weight: 700; color: var(--tone); }
.links { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; padding: .7rem 1.15rem; font-size: .9375rem; }
a, ::slotted(a) { color: var(--tone); text-underline-offset: .15em; } a:focus-visible { outline: 3px solid; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  .card { --tone: #b9bdca; --wash: #23252e; --surface: #191b22; --ink: #eceef4; --soft: #aeb3c1; --line: #363945; }
  .good { --tone: #7fd6a4; --wash: #16281f; } .caution { --tone: #f0bd6a; --wash: #2c2416; } .bad { --tone: #ff9d94; --wash: #33201f; }
}
@media (forced-colors: active) { .status svg { fill: CanvasText; stroke: Canvas; } }
`;

/** @param {ShadowRoot} root */
export function dress(root) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
}
