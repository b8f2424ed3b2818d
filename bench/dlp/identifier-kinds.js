const { luhn, mod11Nhs, nric, kvnr, npi, aba, dea, medicare } = require("./check-digits");

const own = (check) => check;

function std(file) {
  const validator = require(`stdnum/lib/cjs/${file}`);
  return (code) => validator.validate(code).isValid;
}

const hasFourAlike = (digits) => [..."0123456789"].some((digit) => digits.split(digit).length > 4);

/** [entity, how the code is written, what proves it, words that announce it]; facts from the issuers' and stdnum's documentation. */
exports.IDENTIFIER_KINDS = [
  [
    "US_SSN",
    "{9:3}-{9:2}-{9:4}",
    own((d) => /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(d)),
    ["SSN", "social security number"],
  ],
  [
    "US_SSN",
    "{9:9}",
    own((d) => /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(d)),
    ["ssn", "Social Security no."],
    "weak",
  ],
  ["US_ITIN", "9{9:2}-7{9:1}-{9:4}", own(() => true), ["ITIN", "taxpayer identification number"]],
  ["US_PASSPORT", "{9:9}", null, ["US passport number", "us_passport"], "weak"],
  ["US_DRIVER_LICENSE", "{A:1}{9:7}", null, ["driver license", "Driver's license number"], "weak"],
  ["US_BANK_NUMBER", "{9:12}", null, ["bank account number", "checking account"], "weak"],
  ["ABA_ROUTING_NUMBER", "0{9:8}", own(aba), ["routing number", "ABA"], "weak"],
  ["US_NPI", "1{9:9}", own(npi), ["NPI", "provider id"], "weak"],
  ["US_MBI", "1EG4-TE5-MK7{9:1}", null, ["Medicare MBI", "beneficiary"]],
  ["MEDICAL_LICENSE", "B{A:1}{9:7}", own(dea), ["DEA number", "dea"]],
  ["UK_NHS", "{9:3} {9:3} {9:4}", own(mod11Nhs), ["NHS number", "nhs"]],
  ["UK_NINO", "{A:2} {9:2} {9:2} {9:2} {A:1}", std("gb/nino"), ["National Insurance number", "NINO"]],
  ["UK_NINO", "{A:2}{9:6}{A:1}", std("gb/nino"), ["NI number", "nino"]],
  ["UK_PASSPORT", "{A:2}{9:7}", null, ["UK passport", "british passport number"], "weak"],
  ["UK_POSTCODE", "SW1A {9:1}AA", null, ["postcode", "address"]],
  [
    "DE_TAX_ID",
    "{9:11}",
    (c) => !hasFourAlike(c.slice(0, 10)) && std("de/idnr")(c),
    ["Steuer-ID", "steuerliche Identifikationsnummer"],
    "weak",
  ],
  [
    "DE_SOCIAL_SECURITY",
    "{9:2}0{9:1}0{9:3}{A:1}{9:3}",
    std("de/svnr"),
    ["Rentenversicherungsnummer", "Sozialversicherungsnummer"],
  ],
  ["DE_HEALTH_INSURANCE", "{A:1}{9:9}", own(kvnr), ["Krankenversichertennummer", "KVNR"]],
  ["DE_VAT_ID", "DE{9:9}", (c) => std("de/vat")(c.slice(2)), ["USt-IdNr", "VAT ID"]],
  ["FR_NIR", "1 {9:2} 0{9:1} {9:2} {9:3} {9:3} {9:2}", std("fr/nir"), ["numéro de sécurité sociale", "NIR"]],
  ["FR_SIRET", "{9:3} {9:3} {9:3} {9:5}", std("fr/siret"), ["SIRET", "établissement"]],
  ["ES_NIF", "{9:8}{A:1}", std("es/dni"), ["DNI", "NIF"]],
  ["ES_NIE", "X{9:7}{A:1}", std("es/nie"), ["NIE", "número de identificación de extranjero"]],
  ["IT_FISCAL_CODE", "{A:6}{9:2}{A:1}{9:2}{A:1}{9:3}{A:1}", std("it/codicefiscale"), ["codice fiscale", "CF"]],
  ["IT_VAT_CODE", "{9:11}", std("it/iva"), ["partita IVA", "P.IVA"], "weak"],
  ["NL_BSN", "{9:9}", std("nl/bsn"), ["BSN", "burgerservicenummer"], "weak"],
  ["PL_PESEL", "{9:2}0{9:8}", std("pl/pesel"), ["PESEL", "numer PESEL"], "weak"],
  ["PL_NIP", "{9:3}-{9:3}-{9:2}-{9:2}", std("pl/nip"), ["NIP", "numer NIP"]],
  [
    "SE_PERSONNUMMER",
    "{9:2}0{9:1}1{9:1}-{9:4}",
    (c) => std("se/personnummer")(`${c.slice(0, 6)}-${c.slice(6)}`),
    ["personnummer", "personnr"],
  ],
  [
    "FI_PERSONAL_IDENTITY_CODE",
    "1{9:1}0{9:1}{9:2}-{9:3}{X:1}",
    (c) => std("fi/hetu")(`${c.slice(0, 6)}-${c.slice(6)}`),
    ["henkilötunnus", "hetu"],
  ],
  ["DK_CPR_NUMBER", "1{9:1}0{9:1}{9:2}-{9:4}", std("dk/cpr"), ["CPR-nummer", "cpr"]],
  ["NO_FODSELSNUMMER", "1{9:1}0{9:8}", std("no/fodselsnummer"), ["fødselsnummer", "fnr"], "weak"],
  ["BE_NATIONAL_NUMBER", "{9:2}.0{9:1}.1{9:1}-{9:3}.{9:2}", std("be/nn"), ["rijksregisternummer", "numéro national"]],
  ["CH_AHV", "756.{9:4}.{9:4}.{9:2}", std("ch/ssn"), ["AHV-Nummer", "AVS"]],
  ["TR_NATIONAL_ID", "{9:11}", std("tr/tckimlik"), ["TC kimlik no", "TCKN"], "weak"],
  ["IN_AADHAAR", "{9:4} {9:4} {9:4}", (c) => /^[2-9]/.test(c) && std("in/aadhaar")(c), ["Aadhaar number", "aadhaar"]],
  ["IN_PAN", "{A:3}P{A:1}{9:4}{A:1}", std("in/pan"), ["PAN card", "permanent account number"]],
  ["IN_GSTIN", "29{A:3}P{A:1}{9:4}{A:1}1Z{X:1}", std("in/gstin"), ["GSTIN", "gst number"]],
  [
    "IN_VEHICLE_REGISTRATION",
    "MH{9:2}A{A:1}{9:4}",
    own((c) => !/[IO]/.test(c.slice(4, 6))),
    ["vehicle registration", "rto"],
  ],
  ["SG_NRIC_FIN", "S{9:7}{A:1}", own(nric), ["NRIC", "identity card"]],
  ["SG_UEN", "{9:8}{A:1}", std("sg/uen"), ["UEN", "unique entity number"]],
  [
    "KR_RRN",
    "{9:2}0{9:1}1{9:1}-{9:7}",
    (c) => /^\d{6}[1-4]/.test(c) && std("kr/rrn")(c),
    ["resident registration number", "주민등록번호"],
  ],
  ["KR_BRN", "{9:3}-{9:2}-{9:5}", std("kr/brn"), ["business registration", "사업자등록번호"]],
  ["TH_TNIN", "1-1{9:3}-{9:5}-{9:2}-{9:1}", std("th/idnr"), ["Thai national id", "เลขประจำตัวประชาชน"]],
  ["CN_RESIDENT_ID", "1101011990{9:4}{9:3}{X:1}", std("cn/ric"), ["身份证号", "resident identity card"]],
  ["AU_TFN", "{9:3} {9:3} {9:3}", (c) => !c.startsWith("000") && std("au/tfn")(c), ["TFN", "tax file number"]],
  ["AU_ABN", "{9:2} {9:3} {9:3} {9:3}", std("au/abn"), ["ABN", "business number"]],
  ["AU_ACN", "{9:3} {9:3} {9:3}", std("au/acn"), ["ACN", "australian company number"]],
  ["AU_MEDICARE", "2{9:3} {9:5} {9:1}", own(medicare), ["Medicare card", "medicare number"]],
  ["CA_SIN", "{9:3} {9:3} {9:3}", (c) => /^[1-79]/.test(c) && luhn(c), ["SIN", "social insurance number"]],
  ["CA_POSTAL_CODE", "K{9:1}A {9:1}B{9:1}", null, ["postal code", "mailing address"]],
  ["BR_CPF", "{9:3}.{9:3}.{9:3}-{9:2}", std("br/cpf"), ["CPF", "cpf"]],
  ["BR_CNPJ", "{9:2}.{9:3}.{9:3}/0001-{9:2}", std("br/cnpj"), ["CNPJ", "empresa"]],
  ["MX_CURP", "{A:4}{9:2}0{9:1}1{9:1}H{A:2}{A:3}{X:1}{9:1}", std("mx/curp"), ["CURP", "clave única"]],
  ["CL_RUT", "{9:2}.{9:3}.{9:3}-{9:1}", std("cl/rut"), ["RUT", "rol único"]],
  ["ZA_ID_NUMBER", "{9:2}0{9:1}1{9:1}{9:4}0{9:2}", std("za/idnr"), ["South African ID number", "identity number"]],
];
