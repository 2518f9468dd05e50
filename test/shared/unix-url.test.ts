import assert from 'node:assert/strict'
import { splitUnixUrl } from '../../src/shared/unix-url.ts'
import { parseUrl } from '../../src/shared/url.ts'

describe('a URL that names a Unix socket', () => {
  it('has the path of the socket and the request', () => {
    for (const [text, url, socketPath] of [
      ['ws+unix:/run/app.sock:/feed?x=1', 'ws://localhost/feed?x=1', '/run/app.sock'],
      ['ws+unix:///run/app.sock:/feed', 'ws://localhost/feed', '/run/app.sock'],
      ['WS+UNIX:/run/app.sock', 'ws://localhost/', '/run/app.sock'],
      ['http+unix:/var/run/docker.sock:/events', 'http://localhost/events', '/var/run/docker.sock'],
      ['wss+unix:/a%3Ab.sock:/', 'wss://localhost/', '/a:b.sock'],
      ['https+unix:/s:', 'https://localhost/', '/s'],
    ] as const) {
      assert.deepEqual(splitUnixUrl(text), { url, socketPath }, text)
      assert.equal(parseUrl(text).href, url)
    }
  })

  it('is refused with a sentence if it names none', () => {
    for (const text of ['ws+unix:', 'ws+unix:relative.sock:/', 'ws+unix:/a:no-slash', 'ws+unix:/%zz:/'])
      assert.throws(() => parseUrl(text), {
        code: 'BAD_URL',
        message: /write it as ws\+unix:\/run\/app\.sock:\/path/,
      })
    assert.throws(() => parseUrl('ftp+unix:/a:/'), { code: 'BAD_URL' })
  })
})
