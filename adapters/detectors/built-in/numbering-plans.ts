import { getCountries, getCountryCallingCode, Metadata, type CountryCode } from "libphonenumber-js/min";

/** The national numbers of one country or territory. */
interface NumberingPlan {
  readonly country: CountryCode;
  readonly callingCode: string;
  /** Matches a whole national number without the trunk prefix. */
  readonly pattern: RegExp;
}

/** Countries that dial `0` before an area. */
const TRUNK_ZERO: readonly CountryCode[] = ["GB", "DE", "FR", "IT", "NL", "BE", "CH", "AT", "AU", "NZ", "IN", "IL", "JP", "KR", "ZA", "SE", "FI", "TR", "IE", "TH", "MY", "ID", "PH", "TW", "UA", "RO", "HR", "RS", "SK", "SI", "BG", "EG", "NG", "KE", "AE", "SA", "PK", "VN", "CN", "AR", "PE"]; // prettier-ignore
/** Countries whose numbers are dialled as they are. */
const NO_TRUNK: readonly CountryCode[] = ["ES", "PT", "PL", "DK", "NO", "GR", "SG", "HK", "CZ", "BR", "MX", "IN", "CL", "CO", "LU", "IT", "EE", "LV", "LT", "CN"]; // prettier-ignore

const PLANS: ReadonlyMap<CountryCode, NumberingPlan> = readPlans();
const WITH_TRUNK = anyOf(TRUNK_ZERO.filter((country) => country !== "IT"));
const WITHOUT_TRUNK = anyOf(NO_TRUNK);
const LONGEST_CODE = 3;
const ZERO = 48;
const BY_CALLING_CODE = groupByCallingCode();

/** Whether digits behind a plus sign are a number that some country gives out. */
export function isInternational(digits: string): boolean {
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code = code * 10 + digits.charCodeAt(length - 1) - ZERO;
    // No code begins with a zero.
    if (code === 0) return false;
    const plans = BY_CALLING_CODE[code];
    if (plans !== undefined && isOfOne(plans, digits.slice(length))) return true;
  }
  return false;
}

function isOfOne(plans: readonly NumberingPlan[], national: string): boolean {
  for (const { pattern } of plans) if (isOf(pattern, national)) return true;
  return false;
}

/** Some write the trunk prefix all the same. */
function isOf(pattern: RegExp, national: string): boolean {
  return pattern.test(national) || (national.startsWith("0") && pattern.test(national.slice(1)));
}

/** Whether digits that begin with `0` are a number as it is dialled inside one of many countries. */
export function isNational(digits: string): boolean {
  return WITH_TRUNK.test(digits.slice(1)) || PLANS.get("IT")?.pattern.test(digits) === true;
}

/** Whether digits are a number in one of the countries that dial numbers as they are. */
export function isWithoutTrunk(digits: string): boolean {
  return WITHOUT_TRUNK.test(digits);
}

/** North America: neither area nor exchange begins with 0 or 1, nor is it a service code. */
export function isNorthAmerican(digits: string): boolean {
  return /^1?[2-9](?!11)\d{2}[2-9](?!11)\d{2}\d{4}$/.test(digits);
}

/** The library's own patterns, compiled once: its parser costs fifty times as much per candidate. */
function readPlans(): ReadonlyMap<CountryCode, NumberingPlan> {
  const metadata = new Metadata();
  return new Map(
    getCountries().map((country) => {
      metadata.selectNumberingPlan(country);
      const plan = metadata.numberingPlan as unknown as { nationalNumberPattern(): string };
      const pattern = new RegExp(`^(?:${plan.nationalNumberPattern()})$`);
      return [country, { country, callingCode: getCountryCallingCode(country), pattern }];
    }),
  );
}

function anyOf(countries: readonly CountryCode[]): RegExp {
  return new RegExp(countries.map((country) => PLANS.get(country)?.pattern.source).join("|"));
}

function groupByCallingCode(): readonly (readonly NumberingPlan[] | undefined)[] {
  const groups: (NumberingPlan[] | undefined)[] = new Array<undefined>(10 ** LONGEST_CODE).fill(undefined);
  for (const plan of PLANS.values()) (groups[Number(plan.callingCode)] ??= []).push(plan);
  return groups;
}
