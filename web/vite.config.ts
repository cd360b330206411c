import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Each file again, compressed: the door serves what the browser takes. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const [name, item] of Object.entries(bundle)) {
        if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue;
        const bytes = Buffer.from(item.type === "chunk" ? item.code : item.source);
        if (bytes.length < 1024) continue;
        this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }) });
        this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(bytes, { level: 9 }) });
      }
    },
  };
}

/** The service worker learns which files there are, and has a new name for them when any of them is new. */
function shell(): Plugin {
  return {
    name: "shell",
    apply: "build",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") return;
      const files = Object.keys(bundle).filter((name) => name !== "sw.js" && /\.(js|css)$/.test(name)).map((name) => `/${name}`);
      const version = createHash("sha256").update(files.sort().join("\n")).digest("hex").slice(0, 12);
      worker.code = worker.code.replace("__FILES__", JSON.stringify(JSON.stringify(files))).replace("__VERSION__", JSON.stringify(version));
    },
  };
}

export default defineConfig({
  plugins: [shell(), compressed()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { alias: { react: "preact/compat", "react-dom": "preact/compat" } },
  build: {
    outDir: "../src/tertulia/transports/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // a strict policy has no data: for fonts
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: "index.html", sw: "src/sw.ts" },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: { proxy: { "/irc": { target: "ws://127.0.0.1:8080", ws: true }, "/client.json": "http://127.0.0.1:8080" } },
  test: { include: ["tests/**/*.test.{ts,tsx}"], environment: "node" },
});
