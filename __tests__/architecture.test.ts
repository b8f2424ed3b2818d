import fs from "node:fs";
import path from "node:path";
import manifest from "../package.json";

const root = path.join(__dirname, "..");
const build = path.join(root, process.env["LLM_GATE_BUILD"] ?? "dist");

interface Source {
  /** From the root: `lib/http/route.ts`. */
  readonly file: string;
  readonly lines: number;
  /** Comments taken out. */
  readonly code: string;
  /** Packages as written, files from the root. */
  readonly imports: readonly string[];
}

function readSource(file: string): Source {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
  const imports = [...code.matchAll(/(?:\bfrom|\bimport\(|\brequire\(|\bimport)\s*"([^"]+)"/g)].map(([, name = ""]) =>
    name.startsWith(".") ? path.posix.join(path.posix.dirname(file), name) : name,
  );
  return { file, lines: text.split("\n").length - 1, code, imports };
}

const sources = ["lib", "adapters", "bin"].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readSource(`${folder}/${file.replaceAll(path.sep, "/")}`)),
);

const below =
  (...folders: string[]) =>
  ({ file }: Source): boolean =>
    folders.some((folder) => file.startsWith(`${folder}/`) || file === `${folder}.ts`);

const outside =
  (...folders: string[]) =>
  (source: Source): boolean =>
    !below(...folders)(source);

const PURE = ["lib/policy", "lib/dlp", "lib/audit", "lib/keys"];
const lib = sources.filter(below("lib"));
const shipped = sources.filter(below("lib", "adapters"));

/** `file → import` for every import that must not be there. */
function importing(files: readonly Source[], forbidden: RegExp): string[] {
  return files.flatMap(({ file, imports }) =>
    imports.filter((name) => forbidden.test(name)).map((name) => `${file} → ${name}`),
  );
}

const saying = (files: readonly Source[], words: RegExp): string[] =>
  files.filter(({ code }) => words.test(code)).map(({ file }) => file);

describe("imports", () => {
  it("point one way: bin to adapters to lib", () => {
    expect(importing(lib, /^(adapters|bin|examples|bench|__tests__)\//)).toEqual([]);
    expect(importing(sources.filter(below("adapters")), /^(bin|examples|bench|__tests__)\//)).toEqual([]);
    expect(importing(sources.filter(below("bin")), /^(examples|bench|__tests__)\//)).toEqual([]);
  });

  it("keep policy, DLP, audit, keys and the protocols free of any input or output", () => {
    const pure = sources.filter(below(...PURE, "adapters/protocols"));
    // Hashes, checksums and text are arithmetic; everything else of Node's is the world.
    expect(importing(pure, /^node:(?!crypto$|util$|buffer$|string_decoder$|zlib$)/)).toEqual([]);
    expect(importing(pure, /^(express|undici|winston|kysely|better-sqlite3|passport.*|commander)$/)).toEqual([]);
    expect(importing(pure.filter(outside("lib/keys", "lib/audit")), /^node:crypto$/)).toEqual([]);
  });

  it("let stages, policy and ports know nothing of the ones above them", () => {
    expect(importing(lib.filter(below("lib/ports", ...PURE)), /^lib\/(stages|gate|pipeline)/)).toEqual([]);
    expect(importing(lib.filter(below("lib/stages")), /^lib\/(gate|pipeline)/)).toEqual([]);
  });

  it("keep Express and HTTP out of stages and vocabulary: a decision sees a call, never a request", () => {
    const deciding = lib.filter(
      below(
        "lib/stages",
        "lib/ports",
        ...PURE,
        "lib/call",
        "lib/denial",
        "lib/answer",
        "lib/json",
        "lib/options",
        "lib/pipeline",
      ),
    );
    expect(importing(deciding, /^(express|node:http|node:net)$/)).toEqual([]);
  });
});

describe("the shape", () => {
  it("hands a guarded call on in one place: once in the composed gate, once in the single middlewares", () => {
    const passingBy = /if \(exchange === (null|undefined)\) return next\(\);/g;
    const handingOn = lib
      .filter(({ imports }) => imports.includes("express"))
      .flatMap(({ file, code }) => [...code.replace(passingBy, "").matchAll(/(?<![.\w])next\(\)/g)].map(() => file));
    expect(handingOn.sort()).toEqual(["lib/middlewares.ts", "lib/serve.ts"]);
  });

  it("has no switch over protocols, and no protocol's name in lib", () => {
    expect(saying(shipped, /switch\s*\([^)]*protocol/i)).toEqual([]);
    expect(
      saying(lib.filter(outside("lib/conformance", "lib/testing")), /["'`](chat|responses|messages)["'`]/),
    ).toEqual([]);
  });

  it("has no drawer called utils", () => {
    expect(
      sources.map(({ file }) => file).filter((file) => /(^|[/-])(utils?|helpers?|misc|common)(\/|\.ts$)/.test(file)),
    ).toEqual([]);
  });

  it("has no file over 200 lines", () => {
    expect(sources.filter(({ lines }) => lines > 200).map(({ file, lines }) => `${file} (${lines})`)).toEqual([]);
  });

  it("writes nothing to the console from lib or adapters", () => {
    expect(saying(shipped, /\bconsole\./)).toEqual([]);
  });

  it("opts out of no check", () => {
    expect(
      sources
        .filter(({ file }) => /@ts-|eslint-/.test(fs.readFileSync(path.join(root, file), "utf8")))
        .map(({ file }) => file),
    ).toEqual([]);
  });
});

describe("package.json", () => {
  const entries = Object.entries(manifest.exports).flatMap(([name, entry]) =>
    typeof entry === "string" ? [] : [[name, entry] as const],
  );

  it.each(entries)("export %s exists in the build, with its types", (_name, entry) => {
    const built = (file: string): string => path.join(build, path.relative("dist", file));
    expect(fs.existsSync(built(entry.default))).toBe(true);
    expect(fs.existsSync(built(entry.types))).toBe(true);
  });

  it("names entry points that are exported too", () => {
    const root = entries.find(([name]) => name === ".")?.[1];
    expect([manifest.main, manifest.types]).toEqual([root?.default, root?.types]);
    expect(fs.existsSync(path.join(build, path.relative("dist", manifest.bin["llm-gate"])))).toBe(true);
  });

  it("pins the two strategies, which nobody maintains, to the versions that were tested", () => {
    expect(manifest.dependencies).toMatchObject({ "passport-http-bearer": "1.0.1", "passport-headerapikey": "1.2.2" });
  });

  it("runs no script on the machines of those who install it", () => {
    const names = Object.keys(manifest.scripts);
    expect(names.filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  it("has a lock file without download addresses", () => {
    const lock = fs.readFileSync(path.join(root, "package-lock.json"), "utf8");
    expect(lock).not.toMatch(/"resolved":\s*"https?:/);
  });
});
