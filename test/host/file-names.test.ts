import assert from 'node:assert/strict'
import { proposedName } from '../../src/vscode/files/file-names.ts'

describe('the name proposed for a file', () => {
  const now = new Date('2026-11-23T05:06:07.890Z')

  it('is the time for a live session', () => {
    assert.equal(proposedName(undefined, 'har', now), 'session-2026-11-23T05-06-07.har')
  })

  it('comes from the recording, but never overwrites it', () => {
    assert.equal(proposedName('/a/golden.rtsession', 'har', now), 'golden.har')
    assert.equal(proposedName('/a/v1.2 run.rtsession', 'csv', now), 'v1.2 run.csv')
    assert.equal(proposedName('/a/golden.rtsession', 'rtsession', now), 'golden-copy.rtsession')
    assert.equal(proposedName('/a/page.HAR', 'har', now), 'page-copy.har')
  })
})
