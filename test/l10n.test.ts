/** The texts of the extension that can be translated. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUNDLE, makeBundle } from '../scripts/l10n.ts'
import { ROOT } from '../scripts/paths.ts'

/** A text for users that does not go through `l10n.t`. The name of the product is not translated. */
const UNTRANSLATED =
  /\b(title|prompt|placeHolder|openLabel|tooltip|detail): ['`](?!Realtime Inspector['`])[A-Z].*/g

describe('the l10n bundle', () => {
  it('has the texts of src/vscode; update it with `npm run l10n`', () => {
    assert.equal(readFileSync(BUNDLE, 'utf8'), makeBundle())
  })

  it('has every title, prompt and placeholder', () => {
    const folder = join(ROOT, 'src', 'vscode')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    const untranslated = files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(UNTRANSLATED)].map(
        ([text]) => `${name}: ${text}`,
      ),
    )
    assert.deepEqual(untranslated, [])
  })

  it('numbers the placeholders of each text from 0', () => {
    for (const text of Object.keys(JSON.parse(makeBundle()))) {
      const numbers = [...text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number))
      const distinct = [...new Set(numbers)].sort()
      assert.deepEqual(distinct, [...distinct.keys()], text)
    }
  })
})
