/** The texts of the extension that can be translated. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { BUNDLE, makeBundle } from '../scripts/l10n.ts'

describe('the l10n bundle', () => {
  it('has the texts of src/vscode; update it with `npm run l10n`', () => {
    assert.equal(readFileSync(BUNDLE, 'utf8'), makeBundle())
  })

  it('numbers the placeholders of each text from 0', () => {
    for (const text of Object.keys(JSON.parse(makeBundle()))) {
      const numbers = [...text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number))
      const distinct = [...new Set(numbers)].sort()
      assert.deepEqual(distinct, [...distinct.keys()], text)
    }
  })
})
