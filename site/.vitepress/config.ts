/** The documentation site: the documents of `docs`, and its home page. */
import { defineConfig } from 'vitepress'
import { anchorOf } from './anchor.ts'
import { readAsDocuments } from './documents.ts'
import { sidebar } from './pages.ts'
import { PUBLIC } from './public-files.ts'

/** The path under which the site is served, such as `/realtime-inspector/`. */
const base = process.env.SITE_BASE ?? '/'

export default defineConfig({
  title: 'Realtime Inspector',
  description: 'See what a server pushes: WebSocket, Server-Sent Events, long polling and HTTP streaming.',
  lang: 'en',
  base,
  srcDir: '../docs',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  markdown: { anchor: { slugify: anchorOf }, config: readAsDocuments },
  vite: { publicDir: PUBLIC, logLevel: 'warn' },
  themeConfig: {
    logo: '/icon.svg',
    nav: [
      { text: 'Get started', link: '/getting-started' },
      { text: 'Playground', link: '/playground' },
      { text: 'The panel', link: '/panel' },
      { text: 'The terminal', link: '/terminal' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    docFooter: { prev: 'Previous', next: 'Next' },
    footer: { message: 'MIT license. No telemetry, and this site does not track you either.' },
  },
})
