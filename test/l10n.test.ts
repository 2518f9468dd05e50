/** The texts of the extension and of its pages that can be translated. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { BUNDLE, makeBundle, translatedFiles } from '../scripts/l10n.ts'
import { ROOT } from '../scripts/paths.ts'

/** A text for users that does not go through `l10n.t`. The name of the product is not translated. */
const UNTRANSLATED =
  /\b(title|prompt|placeHolder|openLabel|tooltip|detail): ['`](?!Realtime Inspector['`])[A-Z].*/g

/** In compiled JSX: what is not checked: translated texts, names of elements and values in templates. */
const TRANSLATED_OR_NAME = /\bl10n\.t\(\s*"(?:[^"\\]|\\.)*"|\bjsxs?\(\s*"[\w-]+"|\$\{[^}]*\}/g
/** In compiled JSX: a text that an element contains, alone or among others. */
const ELEMENT_TEXT = /\bchildren: "(?=[^"]*[a-z]{2}).*|^ *"(?=[^"]*[a-z]{2})[^"]*"(?:,$|(?=\n *\]))/gim
/** In compiled JSX: an attribute that is read or spoken. It is not the name of an icon, and not an example path. */
const ATTRIBUTE =
  /(?<!\bIcon, \{ )\b(title|"aria-label"|placeholder|alt|name|label): ["`](?!\$)(?=[^"`]*[a-z]{2}).*/gi

describe('the l10n bundle', () => {
  it('has the texts of src/vscode and webview; update it with `npm run l10n`', () => {
    assert.equal(readFileSync(BUNDLE, 'utf8'), makeBundle())
  })

  it('has every title, prompt and placeholder', () => {
    const untranslated = translatedFiles().flatMap((name) =>
      [...readFileSync(join(ROOT, name), 'utf8').matchAll(UNTRANSLATED)].map(([text]) => `${name}: ${text}`),
    )
    assert.deepEqual(untranslated, [])
  })

  it('has every text in the elements of the pages', async () => {
    const views = translatedFiles().filter((name) => name.endsWith('.tsx'))
    const untranslated = views.map(async (name) => {
      const source = readFileSync(join(ROOT, name), 'utf8')
      const { code } = await transform(source, { loader: 'tsx', jsx: 'automatic', charset: 'utf8' })
      const rest = code.replaceAll(TRANSLATED_OR_NAME, '')
      return [...rest.matchAll(ELEMENT_TEXT), ...rest.matchAll(ATTRIBUTE)].map(
        ([text]) => `${name}: ${text.trim()}`,
      )
    })
    assert.ok(views.length > 0)
    assert.deepEqual((await Promise.all(untranslated)).flat(), [])
  })

  it('numbers the placeholders of each text from 0', () => {
    for (const text of Object.keys(JSON.parse(makeBundle()))) {
      const numbers = [...text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number))
      const distinct = [...new Set(numbers)].sort()
      assert.deepEqual(distinct, [...distinct.keys()], text)
    }
  })
})
