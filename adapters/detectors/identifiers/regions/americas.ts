import * as cuit from "stdnum/lib/cjs/ar/cuit";
import * as cnpj from "stdnum/lib/cjs/br/cnpj";
import * as cpf from "stdnum/lib/cjs/br/cpf";
import * as sin from "stdnum/lib/cjs/ca/sin";
import * as rut from "stdnum/lib/cjs/cl/rut";
import * as curp from "stdnum/lib/cjs/mx/curp";
import * as rfc from "stdnum/lib/cjs/mx/rfc";
import { passesLuhn } from "../../built-in/luhn";
import { isOneDigit, leaving, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

const checked = (validator: Parameters<typeof valid>[0]) => (digits: string) =>
  !isOneDigit(digits) && valid(validator)(digits);

const passesFirst = leaving([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11, [0, 1]);
const passesFirstOfFirm = leaving([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11, [0, 1]);

/** The sum of the digits from the last one on, under weights from 2 on, and eleven less the check digit; K for ten. */
function isRun(code: string): boolean {
  const check = code.endsWith("K") ? 10 : Number(code.slice(-1));
  return weighted(code.padStart(9, "0"), [3, 2, 7, 6, 5, 4, 3, 2]) % 11 === (11 - check) % 11;
}

/** Identifiers of Canada and Latin America. */
export const AMERICAS: readonly IdentifierRule[] = [
  {
    entity: "CA_SIN",
    forms: { "999-999-999": 0.5, "999999999": 0.1 },
    check: (digits) => /^[1-79]/.test(digits) && passesLuhn(digits) && checked(sin)(digits),
    context: "sin|social insurance|social insurance number|canada|assurance sociale|nas|numéro d assurance sociale",
  },
  {
    entity: "CA_POSTAL_CODE",
    forms: { "A9A 9A9": 0.5, "A9A-9A9": 0.4, A9A9A9: 0.15 },
    check: (code) => /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]\d[ABCEGHJ-NPRSTV-Z]\d$/.test(code),
    capitals: true,
    context: "postal code|postal|address|mailing|canada|code postal|zip",
  },
  { entity: "CA_PASSPORT", forms: { AA999999: 0.1 }, context: "passport|canadian passport|passeport" },
  {
    entity: "BR_CPF",
    forms: { "999.999.999-99": 0.7, "999-999-999-99": 0.5, "99999999999": 0.4, "999999999-99": 0.55 },
    check: (digits) => passesFirst(digits) && checked(cpf)(digits),
    context: "cpf|cadastro de pessoas físicas|cadastro de pessoa física|contribuinte|cpf mf",
  },
  {
    entity: "BR_CNPJ",
    forms: { "99.999.999/9999-99": 0.75, "99999999999999": 0.4, "XX.XXX.XXX/XXXX-99": 0.6, "99999999/9999-99": 0.6 },
    check: (code) => passesFirstOfFirm(code) && checked(cnpj)(code),
    context: "cnpj|cadastro nacional da pessoa jurídica|empresa",
  },
  {
    entity: "AR_CUIT",
    forms: { "99-99999999-9": 0.55, "99999999999": 0.2 },
    check: valid(cuit, leaving([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11, [0, 10])),
    context: "cuit|cuil|cdi",
  },
  {
    entity: "CL_RUT",
    forms: { "99.999.999-X": 0.65, "99999999-X": 0.35, "9.999.999-X": 0.6 },
    check: valid(rut, isRun),
    context: "rut|run|rol único",
  },
  { entity: "MX_CURP", forms: { AAAA999999AAAAAAX9: 0.65 }, check: valid(curp), context: "curp|clave única" },
  {
    entity: "MX_RFC",
    forms: { AAAA999999XXX: 0.5, AAA999999XXX: 0.4 },
    check: valid(rfc),
    context: "rfc|registro federal",
  },
];
