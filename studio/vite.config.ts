import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // `npx vite -c studio/vite.config.ts` beside a running `npm start`: pages from Vite as they are edited, data from the server.
  server: { proxy: { '^/(graphql|images|uploads|exports)': { target: 'http://127.0.0.1:4000', ws: true } } },
  build: {
    target: 'es2022',
    // The page's content policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Packages say "use client" for frameworks that render elsewhere too.
    rolldownOptions: { checks: { moduleLevelDirective: false, pluginTimings: false } },
  },
})
