/** The bounds of a jar. What servers and clients exchange is in cookies.test.ts. */
import assert from 'node:assert/strict'
import { Jar } from '../../../src/engine/cookies/jar.ts'
import type { StoredCookie } from '../../../src/shared/protocol/cookies.ts'

function cookie(domain: string, name: string): StoredCookie {
  return { domain, name, value: '1', path: '/', isHostOnly: true, isSecure: false, isHttpOnly: false }
}

describe('A jar to which stored cookies are added', () => {
  it('keeps those of one domain although another one has too many', () => {
    const jar = new Jar()
    const many = Array.from({ length: 4000 }, (_, n) => cookie('many.example', `c${n}`))
    jar.add([cookie('one.example', 'first'), ...many])
    const kept = jar.list()
    assert.equal(kept.length, 181)
    assert.deepEqual(kept.at(-1)?.name, 'first')
    assert.ok(kept.some(({ name }) => name === 'c3999'))
  })
})
