/** The alias under which Express 4 is installed beside Express 5; as far as tests go, both look alike. */
declare module "express4" {
  export { default } from "express";
}
