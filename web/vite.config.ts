import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, type Rollup } from "vite";
import { defineConfig } from "vitest/config";

const WORTH_IT = 1024; // bytes; what is smaller fits a packet as it is
const THOROUGH = 300_000; // bytes up to which brotli may take its time

/** Each file again, compressed: the door serves what the browser takes. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const name of [...Object.keys(bundle), "icon.svg"]) {
        if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
        const bytes = readFileSync(join(dir, name));
        if (bytes.length < WORTH_IT) continue;
        const quality = bytes.length > THOROUGH ? 9 : 11;
        writeFileSync(
          join(dir, `${name}.br`),
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
        );
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Every browser that runs this client reads woff2; KaTeX's older forms of its letters would be dead weight. */
function oneFontFormat(): Plugin {
  return {
    name: "one-font-format",
    enforce: "pre",
    transform: (code, id) =>
      /katex.*\.css$/.test(id)
        ? code.replace(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\("?'?(?:woff|truetype)'?"?\)/g, "")
        : null,
  };
}

/** The service worker, in one piece: not every browser takes a worker with imports. It learns which files there are,
 *  and has a new name for them when any of them is new. */
function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    async generateBundle(_, bundle) {
      const made = (await build({
        configFile: false,
        logLevel: "error",
        publicDir: false,
        build: {
          write: false,
          target: "es2022",
          rollupOptions: { input: "src/sw.ts", output: { format: "iife", entryFileNames: "sw.js" } },
        },
      })) as Rollup.RollupOutput;
      const files = Object.keys(bundle)
        .filter((name) => /\.(js|css)$/.test(name))
        .map((name) => `/${name}`);
      const version = createHash("sha256").update(files.sort().join("\n")).digest("hex").slice(0, 12);
      const source = made.output[0].code
        .replace("__FILES__", () => JSON.stringify(JSON.stringify(files)))
        .replace("__VERSION__", () => JSON.stringify(version));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

export default defineConfig({
  plugins: [oneFontFormat(), shell(), compressed()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { alias: { react: "preact/compat", "react-dom": "preact/compat" } },
  build: {
    outDir: "../src/tertulia/transports/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // a strict policy has no data: for fonts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // emoji with their names, fetched when asked for
    rollupOptions: {
      input: { index: "index.html" },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: {
    proxy: { "/irc": { target: "ws://127.0.0.1:8080", ws: true }, "/client.json": "http://127.0.0.1:8080" },
  },
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 60_000, // a machine may have much else to do
    hookTimeout: 60_000,
    pool: "threads", // a process each took too long to come up there
  },
});
