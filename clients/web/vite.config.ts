import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** Below this a compressed copy saves nothing: it fits one packet as it is. */
const COMPRESSED_BYTES_MIN = 1_024;
/** Text; fonts are compressed already. */
const COMPRESSED_ENDINGS = ['.js', '.css', '.svg'];

/** Writes `.br` and `.gz` beside every asset, so that the gateway has nothing to compress when it starts. */
function compressedCopies(): Plugin {
  return {
    name: 'florin:compressed-copies',
    apply: 'build',
    closeBundle() {
      const folder = join(ROOT, 'dist', 'assets');
      for (const name of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, name));
        if (bytes.length < COMPRESSED_BYTES_MIN || !COMPRESSED_ENDINGS.some((ending) => name.endsWith(ending)))
          continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, quality));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: ROOT,
  plugins: [react(), compressedCopies()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The policy of the page allows no data: scripts or styles, and a font in a style sheet can not be cached by itself.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
