import assert from 'node:assert/strict'
import { overheadText } from '../../../webview/techniques/names.ts'

describe('the text of an overhead', () => {
  it('has a tenth below 100 bytes', () => {
    assert.deepEqual([7.44, 131.6, 1330].map(overheadText), ['7.4\u00a0B', '132\u00a0B', '1.3\u00a0kB'])
  })

  it('says what compression saves', () => {
    assert.equal(overheadText(-300), '300\u00a0B saved')
  })
})
