// @ts-check
/* Marks: each outcome has a shape of its own, so that it is told without colour. */

/** A circle, a triangle, an octagon. @type {Record<string, [string, string]>} */
const MARKS = {
  good: ["M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22z", "m7 12.4 3.4 3.4L17 8.8"],
  caution: ["M10.3 2.3a2 2 0 0 1 3.4 0l9 16.5a2 2 0 0 1-1.7 3H3a2 2 0 0 1-1.7-3z", "M12 8.5v6m0 3.3v.2"],
  bad: ["M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z", "m8 8 8 8m0-8-8 8"],
};

/** @param {string} tone */
export function mark(tone) {
  const [svg, ground, sign] = ["svg", "path", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  ground.setAttribute("class", "ground");
  ground.setAttribute("d", MARKS[tone][0]);
  sign.setAttribute("fill", "none");
  sign.setAttribute("d", MARKS[tone][1]);
  svg.append(ground, sign);
  return svg;
}
