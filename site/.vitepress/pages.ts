/** The pages of the site: the one list from which the sidebar is made. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const DOCS = join(import.meta.dirname, '..', '..', 'docs')

interface Section {
  readonly title: string
  /** Names of files in `docs`, without `.md`. */
  readonly pages: readonly string[]
}

const SECTIONS: readonly Section[] = [
  { title: 'Start', pages: ['getting-started', 'playground', 'techniques', 'platforms', 'remote'] },
  { title: 'In the editor', pages: ['panel', 'side-bar', 'filter', 'findings'] },
  { title: 'Requests', pages: ['http-files', 'presets', 'credentials', 'protocols'] },
  {
    title: 'Your own app',
    pages: ['proxy', 'faults', 'debugging', 'attach', 'recorded-traffic'],
  },
  { title: 'Terminal, CI and agents', pages: ['terminal', 'commands', 'ci', 'load', 'watching', 'agents'] },
  { title: 'Reference', pages: ['session-format', 'data', 'api'] },
  { title: 'For contributors', pages: ['architecture'] },
]

/** The sidebar. A page is named by its first heading. Throws if a document is not in the list. */
export function sidebar(): { text: string; items: { text: string; link: string }[] }[] {
  const listed = new Set(SECTIONS.flatMap(({ pages }) => pages))
  const missing = readdirSync(DOCS).filter(
    (name) => name.endsWith('.md') && name !== 'index.md' && !listed.has(name.slice(0, -'.md'.length)),
  )
  if (missing.length > 0)
    throw new Error(
      `${missing.join(', ')} in docs: not in the sidebar. Add it to SECTIONS in ${import.meta.filename}.`,
    )
  return SECTIONS.map(({ title, pages }) => ({
    text: title,
    items: pages.map((page) => ({ text: titleOf(page), link: `/${page}` })),
  }))
}

function titleOf(page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(DOCS, `${page}.md`), 'utf8')) ?? []
  if (title === undefined) throw new Error(`docs/${page}.md has no heading. Begin it with \`# Title\`.`)
  return title.replaceAll('`', '')
}
