import type { Detector, Finding } from "express-llm-gate";

/**
 * A template: copy it, change the pattern, keep the promises. This one finds the ticket numbers of an imaginary help desk.
 *
 * A detector is pure: the same text gives the same findings, whatever it read before and whatever it reads at the same time.
 * So there is no state out here but constants. `matchAll` copies the expression; a `g` expression used with `exec` would
 * remember where it was.
 *
 * Every quantifier is bounded, and the expression begins with something rare: that keeps it quick on hostile texts. For a
 * pattern that a user writes take a custom rule of the policy instead, which runs in linear time.
 */
const TICKET = /\bTICKET-[0-9]{4,8}\b/g;

/** How far a match reaches: the longest number, and one character behind it that shows that it ends there. */
const LONGEST = "TICKET-".length + 8 + 1;

/** A text that may still become a ticket number when more comes: one begins at its end, or goes on there. */
const BEGUN = /\b(?:T|TI|TIC|TICK|TICKE|TICKET|TICKET-[0-9]{0,8})$/;

export const ticketDetector: Detector = Object.freeze<Detector>({
  /** Shown to operators when it fails: `the detector tickets failed`. */
  name: "tickets",

  /** Everything that it can report, and what policies call it: `dlp: { request: { TICKET_NUMBER: redact } }`. */
  entities: ["TICKET_NUMBER"],

  /** Those of them that are credentials. They win where two detectors claim one text. None here. */
  secrets: [],

  /**
   * Only for those who stream. Without it a streamed text is held until it is complete, which is always right. With it the
   * detector promises that no match is longer, and that none depends on more than 512 units of the text before it.
   */
  maxLength: LONGEST,

  /**
   * Only with `maxLength`, and only to hold back less: where the earliest match begins that more text could still make, change
   * or undo; the text's length when there is none. Absent: the last `maxLength` units are held.
   */
  openAt: (text) => BEGUN.exec(text.slice(-LONGEST))?.index ?? text.length,

  /**
   * Places, never texts; UTF-16 offsets, the end exclusive; in any order, overlaps allowed. What happens to a finding is for
   * the policy to say. A throw, a rejection or an answer too late refuses the call, as a detector that is down must:
   * never return an empty list because something went wrong. Messages of errors are dropped, since they may quote the text.
   */
  detect: (text): readonly Finding[] =>
    [...text.matchAll(TICKET)].map(({ 0: match, index }) => ({
      entity: "TICKET_NUMBER",
      /** Which of several rules it was. */
      rule: "TICKET_NUMBER",
      start: index,
      end: index + match.length,
      /** From 0 to 1; below 0.5 nothing happens unless a policy says so. */
      score: 1,
    })),
});
