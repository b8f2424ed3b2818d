import type { Detector } from "../../../lib/ports/detector";
import { identifierSearch } from "./find-identifiers";
import { AFRICA_OCEANIA } from "./regions/africa-oceania";
import { AMERICAS } from "./regions/americas";
import { EAST_ASIA } from "./regions/east-asia";
import { EASTERN_EUROPE } from "./regions/eastern-europe";
import { FRANCE_BENELUX } from "./regions/france-benelux";
import { GERMANY } from "./regions/germany";
import { NORTHERN_EUROPE } from "./regions/northern-europe";
import { SOUTH_ASIA } from "./regions/south-asia";
import { SOUTHERN_EUROPE } from "./regions/southern-europe";
import { UNITED_KINGDOM } from "./regions/united-kingdom";
import { UNITED_STATES } from "./regions/united-states";

const RULES = [
  ...UNITED_STATES,
  ...UNITED_KINGDOM,
  ...GERMANY,
  ...FRANCE_BENELUX,
  ...SOUTHERN_EUROPE,
  ...NORTHERN_EUROPE,
  ...EASTERN_EUROPE,
  ...EAST_ASIA,
  ...SOUTH_ASIA,
  ...AMERICAS,
  ...AFRICA_OCEANIA,
];

/** Numbers and codes that states and registers give to persons, companies and vehicles; one entity per kind. */
export function identifierDetector(): Detector {
  const entities = Object.freeze([...new Set(RULES.map((rule) => rule.entity))]);
  return Object.freeze({ name: "identifier", entities, ...identifierSearch(RULES) });
}
