import assert from 'node:assert/strict'
import { SPOKEN, SPOKEN_NAMES } from '../../../src/shared/spoken/table.ts'
import type { SpokenTraits } from '../../../src/shared/spoken/traits.ts'
import { fieldName, formName } from '../../../webview/format/spoken.ts'

describe('the names of what protocols have', () => {
  for (const protocol of SPOKEN_NAMES)
    it(`are there for ${protocol}`, () => {
      const { options, forms }: SpokenTraits = SPOKEN[protocol]
      const fields = [...options, ...forms.flatMap((form) => form.fields)]
      // A name of the table is written as in code.
      assert.deepEqual(
        fields.map(({ name }) => name).filter((name) => fieldName(name) === name),
        [],
      )
      assert.deepEqual(
        forms.map(({ name }) => name).filter((name) => formName(name) === name),
        [],
      )
    })
})
