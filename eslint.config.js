const js = require("@eslint/js");
const { defineConfig, globalIgnores } = require("eslint/config");
const tseslint = require("typescript-eslint");

const SHIPPED = ["lib/**/*.ts", "adapters/**/*.ts", "bin/**/*.ts"];
const EXECUTES_SQL = "CallExpression[callee.property.name=/^(exec|prepare|query)$/]";
/** A pragma takes no bound parameter. */
const BUILT_STRINGS = [
  "TemplateLiteral[expressions.length>0]:not([quasis.0.value.raw=/^pragma /])",
  "BinaryExpression[operator='+']",
];

module.exports = defineConfig([
  // The consumers are other projects: `npm run check:package` compiles and runs them.
  globalIgnores(["dist/", ".build/", "coverage/", "__tests__/packaging/consumers/"]),
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        module: "writable",
        __dirname: "readonly",
        process: "readonly",
        console: "readonly",
        performance: "readonly",
        AbortController: "readonly",
        setImmediate: "readonly",
        Buffer: "readonly",
        URL: "readonly",
        __filename: "readonly",
        fetch: "readonly",
      },
    },
  },
  { files: ["**/*.mjs"], languageOptions: { sourceType: "module" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      // Control characters, combining marks and code points are what this package judges.
      "no-control-regex": "off",
      "no-misleading-character-class": ["error", { allowEscape: true }],
      "@typescript-eslint/no-misused-spread": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A port's method is async so that whatever it throws is a rejection, awaiting or not.
      "@typescript-eslint/require-await": "off",
      // Factories return plain objects whose methods use no `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      // winston declares its transports as interfaces, and this rule takes them for classes.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  {
    files: SHIPPED,
    rules: {
      "max-lines": ["error", { max: 150, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": [
        "error",
        ...BUILT_STRINGS.map((built) => ({
          selector: `${EXECUTES_SQL} > ${built}`,
          message: "SQL is never built from strings: bind a parameter or use the query builder.",
        })),
      ],
    },
  },
  { files: ["lib/**/*.ts", "adapters/**/*.ts"], rules: { "no-console": "error" } },
  // One function there is one list of cases.
  { files: ["lib/conformance/**/*.ts"], rules: { "max-lines-per-function": "off" } },
  {
    // Bodies of answers arrive in tests as `any`, and tests throw, print and write what the package never would.
    files: ["__tests__/**/*.ts"],
    rules: {
      "no-loss-of-precision": "off",
      ...Object.fromEntries(
        [
          "no-base-to-string",
          "no-unsafe-argument",
          "no-unsafe-assignment",
          "no-unsafe-call",
          "no-unsafe-member-access",
          "no-unsafe-return",
          "only-throw-error",
          "restrict-template-expressions",
        ].map((rule) => [`@typescript-eslint/${rule}`, "off"]),
      ),
    },
  },
]);
