// @ts-check
/* Points in time as credentials write them (XML Schema dateTimeStamp), in microseconds since 1970. */

import { refuse } from "./refused.js";

const STAMP = /^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T(?:([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,32}))?|24:00:00(?:\.0{1,32})?)(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))$/;
const MILLISECOND = 1000n, MINUTE = 60000000n, DAY = 86400000000n;
/** How far two honest clocks may differ. */
export const SKEW = 5n * MINUTE;

/** @param {unknown} text @returns {bigint} */
export function momentOf(text) {
  const found = typeof text === "string" ? STAMP.exec(text) : null;
  if (!found) return refuse("timestamp", "not a date and time with a zone");
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const midnight = found[4] === undefined;
  const impossible = date.getUTCDate() !== day || year < 1 || (midnight && year === 9999 && month === 12 && day === 31);
  if (impossible) refuse("timestamp", "no day of the calendar");
  const time = midnight ? DAY : BigInt((hour * 60 + minute) * 60 + second) * 1000000n;
  const micros = BigInt((found[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const [zoneHours, zoneMinutes] = found[8] === "Z" ? [0, 0] : found[8].slice(1).split(":").map(Number);
  const offset = BigInt(zoneHours * 60 + zoneMinutes) * MINUTE * (found[8][0] === "-" ? -1n : 1n);
  return BigInt(date.getTime()) * MILLISECOND + time + micros - offset;
}

/** @param {Date} date */
export const momentOfDate = (date) => BigInt(date.getTime()) * MILLISECOND;

/** NumericDate of RFC 7519. @param {unknown} value @returns {bigint} */
export function momentOfSeconds(value) {
  const fits = typeof value === "number" && value >= 0 && value <= 253402300799;
  return fits ? BigInt(Math.round(value * 1e6)) : refuse("claim_malformed", "not a number of seconds since 1970");
}

/** As text, in UTC and whole seconds. @param {bigint} moment */
export const stampOf = (moment) => new Date(Math.floor(Number(moment) / 1e6) * 1000).toISOString().replace(".000", "");
