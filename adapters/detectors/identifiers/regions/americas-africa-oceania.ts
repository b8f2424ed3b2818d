import * as cuit from "stdnum/lib/cjs/ar/cuit";
import * as abn from "stdnum/lib/cjs/au/abn";
import * as acn from "stdnum/lib/cjs/au/acn";
import * as tfn from "stdnum/lib/cjs/au/tfn";
import * as cnpj from "stdnum/lib/cjs/br/cnpj";
import * as cpf from "stdnum/lib/cjs/br/cpf";
import * as sin from "stdnum/lib/cjs/ca/sin";
import * as rut from "stdnum/lib/cjs/cl/rut";
import * as teudat from "stdnum/lib/cjs/il/idnr";
import * as curp from "stdnum/lib/cjs/mx/curp";
import * as rfc from "stdnum/lib/cjs/mx/rfc";
import * as zaId from "stdnum/lib/cjs/za/idnr";
import { passesLuhn } from "../../built-in/luhn";
import { isMonthDay, isOneDigit, valid, weighted } from "../checks/check-digits";
import type { IdentifierRule } from "../identifier-rule";

function isMedicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits.charAt(8));
}

const checked = (validator: Parameters<typeof valid>[0]) => (digits: string) =>
  !isOneDigit(digits) && valid(validator)(digits);

/** Identifiers of Canada, Latin America, Australia, South Africa, Nigeria and Israel. */
export const AMERICAS_AFRICA_OCEANIA: readonly IdentifierRule[] = [
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
    entity: "AU_TFN",
    forms: { "999-999-999": 0.5, "999999999": 0.1, "99-999-999": 0.1 },
    check: (digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && checked(tfn)(digits),
    context: "tfn|tax file|tax file number",
  },
  {
    entity: "AU_ABN",
    forms: { "99-999-999-999": 0.55, "99999999999": 0.4 },
    check: valid(abn),
    context: "abn|australian business|business number|australian business number",
  },
  {
    entity: "AU_ACN",
    forms: { "999-999-999": 0.45, "999999999": 0.1 },
    check: (digits) =>
      (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0 || digits.endsWith("0")) && valid(acn)(digits),
    context: "acn|australian company|company number|australian company number",
  },
  {
    entity: "AU_MEDICARE",
    forms: { "9999-99999-9": 0.55, "9999999999": 0.2, "9999 99999 9 9": 0.55 },
    check: isMedicare,
    context: "medicare|medicare number|medicare card|medicare no",
  },
  {
    entity: "BR_CPF",
    forms: { "999.999.999-99": 0.7, "999-999-999-99": 0.5, "99999999999": 0.4, "999999999-99": 0.55 },
    check: checked(cpf),
    context: "cpf|cadastro de pessoas físicas|cadastro de pessoa física|contribuinte|cpf mf",
  },
  {
    entity: "BR_CNPJ",
    forms: { "99.999.999/9999-99": 0.75, "99999999999999": 0.4, "XX.XXX.XXX/XXXX-99": 0.6, "99999999/9999-99": 0.6 },
    check: checked(cnpj),
    context: "cnpj|cadastro nacional da pessoa jurídica|empresa",
  },
  {
    entity: "AR_CUIT",
    forms: { "99-99999999-9": 0.55, "99999999999": 0.2 },
    check: valid(cuit),
    context: "cuit|cuil|cdi",
  },
  {
    entity: "CL_RUT",
    forms: { "99.999.999-X": 0.65, "99999999-X": 0.35, "9.999.999-X": 0.6 },
    check: valid(rut),
    context: "rut|run|rol único",
  },
  { entity: "MX_CURP", forms: { AAAA999999AAAAAAX9: 0.65 }, check: valid(curp), context: "curp|clave única" },
  {
    entity: "MX_RFC",
    forms: { AAAA999999XXX: 0.5, AAA999999XXX: 0.4 },
    check: valid(rfc),
    context: "rfc|registro federal",
  },
  {
    entity: "ZA_ID_NUMBER",
    forms: { "9999999999999": 0.55, "999999-9999-99-9": 0.6, "999999-9999-999": 0.55 },
    check: (digits) => isMonthDay(digits.slice(2, 4), digits.slice(4, 6)) && passesLuhn(digits) && valid(zaId)(digits),
    context: "south african|id number|identity number|rsa id|sa id|identiteitsnommer|said|id",
  },
  {
    entity: "ZA_PASSPORT",
    forms: { A99999999: 0.1 },
    check: (code) => /^[ADMT]/.test(code),
    context: "passport|south african passport|paspoort|passport number",
  },
  {
    entity: "ZA_INCOME_TAX_NUMBER",
    forms: { "9999999999": 0.05, "9999/999/99/9": 0.4 },
    check: (digits) => /^[01239]/.test(digits),
    context: "income tax|sars|tax reference|tax number|tax ref",
  },
  { entity: "ZA_VAT_NUMBER", forms: { "4999999999": 0.1 }, context: "vat|vat number|vat registration|vat no|btw" },
  {
    entity: "ZA_DRIVER_LICENSE",
    forms: { "99999999XXXX": 0.1, "9999999999AA": 0.1, "999999999999AA": 0.1, AA99999999AA: 0.1 },
    context: "driver|driver license|driver s licence|driving licence|licence number|enatis|bestuurslisensie",
  },
  {
    entity: "ZA_COMPANY_REGISTRATION",
    forms: { "9999/999999/99": 0.6, "CK9999/999999/99": 0.6, "CK99/99999": 0.4 },
    check: (code) => /^(?:CK)?(?:19|20)|^CK/.test(code),
    context: "cipc|company registration|registration number|reg no|company|pty|ltd",
  },
  {
    entity: "ZA_TRAFFIC_REGISTER_NUMBER",
    forms: { "9999999999999": 0.05 },
    context: "traffic register|trn|enatis|traffic register number",
  },
  { entity: "ZA_LICENSE_PLATE", forms: { AA99AAGP: 0.5, "AA 99 AA GP": 0.55, "AAA 999 GP": 0.5, AAA999GP: 0.45, "AA 999-999": 0.3, "CA 999-999": 0.45, "CA 999 999": 0.4, AAA999EC: 0.4, AAA999MP: 0.4, AAA999NW: 0.4, AAA999FS: 0.4, AAA999NC: 0.4 }, capitals: true, context: "plate|licence plate|license plate|number plate|vehicle|registration|nommerplaat" }, // prettier-ignore
  {
    entity: "NG_NIN",
    forms: { "99999999999": 0.15 },
    context: "nin|national identification|nimc|national identity number|national identification number",
  },
  {
    entity: "NG_VEHICLE_REGISTRATION",
    forms: { "AAA-999AA": 0.5, AAA999AA: 0.3, "AAA 999 AA": 0.45, "AAA-999-AA": 0.5 },
    capitals: true,
    context: "plate|vehicle|license plate|number plate|registration|frsc|plate number",
  },
  {
    entity: "IL_ID",
    forms: { "999999999": 0.1 },
    check: checked(teudat),
    context: "teudat|teudat zehut|תעודת זהות|israeli id",
  },
];
