import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, it } from 'mocha'
import { Failure } from '../../src/shared/failure.ts'
import { phraseOf } from '../../src/transport/failures.ts'

describe('the failures of transports', () => {
  it('are created in the files of failures only, so that their sentences stay consistent', () => {
    const elsewhere = globSync('src/transport/**/*.ts').filter(
      (file) =>
        !basename(file).endsWith('failures.ts') &&
        /new Failure\(\s*'(?!INTERNAL')/.test(readFileSync(file, 'utf8')),
    )
    assert.deepEqual(elsewhere, [])
  })

  it('have short phrases for the reasons of outcomes', () => {
    assert.equal(phraseOf(new Failure('ECONNREFUSED', 'It failed.')), 'connection refused')
    assert.equal(phraseOf(new Failure('HTTP_STATUS', 'It failed.', 503)), 'HTTP 503')
    assert.equal(phraseOf(new Failure('BAD_FRAME', 'It failed.')), 'BAD_FRAME')
  })
})
