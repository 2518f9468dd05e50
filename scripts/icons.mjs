/** Reduces the codicons of a page to those that it shows: the font has 600, and is larger than all of our styles. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import subsetFont from 'subset-font'

/** Where names of icons can be in the code of a page. */
const SOURCES = ['webview', 'src/shared']
/** A rule that shows an icon; its name and its code point in hexadecimal. */
const ICON = /^\.codicon-([\w-]+):before \{ content: "\\(\w+)" \}$\n?/gm

/** The words that are strings of their own in the sources. A name of an icon is one of them. */
async function words() {
  const texts = await Promise.all(
    SOURCES.map(async (folder) => {
      const names = await readdir(folder, { recursive: true })
      const files = names.filter((name) => /\.tsx?$/.test(name))
      return await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
    }),
  )
  return new Set(
    texts.flat().flatMap((text) => [...text.matchAll(/(['"])([a-z][\w-]*)\1/g)].map(([, , word]) => word)),
  )
}

/**
 * Loads the style sheet and the font of the codicons, with only those icons whose names are in the sources.
 * @returns {import('esbuild').Plugin}
 */
export function usedIcons() {
  return {
    name: 'used-icons',
    setup({ onLoad }) {
      onLoad({ filter: /codicon\.css$/ }, async ({ path }) => {
        const used = await words()
        const sheet = await readFile(path, 'utf8')
        const contents = sheet.replaceAll(ICON, (rule, name) => (used.has(name) ? rule : ''))
        return { contents, loader: 'css' }
      })
      onLoad({ filter: /codicon\.ttf$/ }, async ({ path }) => {
        const used = await words()
        const sheet = await readFile(path.replace(/ttf$/, 'css'), 'utf8')
        const text = [...sheet.matchAll(ICON)].flatMap(([, name, code]) =>
          used.has(name) ? String.fromCodePoint(Number.parseInt(code, 16)) : [],
        )
        const font = await subsetFont(await readFile(path), text.join(''), { targetFormat: 'truetype' })
        return { contents: font, loader: 'file' }
      })
    },
  }
}
