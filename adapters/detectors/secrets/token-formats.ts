import { FORMATS_A_B } from "./formats/a-b";
import { FORMATS_C_D } from "./formats/c-d";
import { FORMATS_E_G } from "./formats/e-g";
import { FORMATS_H_L } from "./formats/h-l";
import { FORMATS_M_P } from "./formats/m-p";
import { FORMATS_R_S } from "./formats/r-s";
import { FORMATS_T_Z } from "./formats/t-z";
import type { TokenFormat } from "./token-format";

/** Every token format that the gate knows by its shape. */
export const TOKEN_FORMATS: readonly TokenFormat[] = Object.freeze([
  ...FORMATS_A_B,
  ...FORMATS_C_D,
  ...FORMATS_E_G,
  ...FORMATS_H_L,
  ...FORMATS_M_P,
  ...FORMATS_R_S,
  ...FORMATS_T_Z,
]);
