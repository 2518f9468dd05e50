import assert from 'node:assert/strict'
import { message, opened } from '../../../support/recording.ts'
import { serve, stopServing } from '../../../support/served.ts'

describe('a recording that is too long to be served by content', () => {
  afterEach(stopServing)

  it('is played in order, and a sentence says so', async () => {
    const call = message(1, { jsonrpc: '2.0', id: 1, method: 'sum' }, { direction: 'out' })
    const served = await serve([...opened(), ...Array.from({ length: 100_001 }, () => call)])
    assert.match(served.notes.join(), /too long to answer clients by what they say/)
  })
})
