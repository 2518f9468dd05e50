import assert from 'node:assert/strict'
import { reasonFirst, reasonOf } from '../../src/shared/failure.ts'

describe('the reason of a failure', () => {
  for (const [sentence, reason] of [
    [
      'https://h/x?token=*** answered 401 Unauthorized: token_expired; give credentials, for example an Authorization header.',
      '401 Unauthorized: token_expired',
    ],
    [
      'Connecting to ws://localhost:9/ failed: localhost:9 refused the connection; check that the server runs.',
      'localhost:9 refused the connection',
    ],
    [
      'h:443 answered with Content-Type text/html rather than text/event-stream; check the URL.',
      'Content-Type text/html rather than text/event-stream',
    ],
    ['The response is larger than the limit.', 'The response is larger than the limit'],
    ['HTTP 503', 'HTTP 503'],
  ] as const)
    it(`is “${reason}”`, () => assert.equal(reasonOf(sentence), reason))

  it('stands first in a line, before what to try', () => {
    assert.equal(
      reasonFirst('https://h/ answered 404 Not Found; check the path of the URL.'),
      '404 Not Found; check the path of the URL.',
    )
  })
})
