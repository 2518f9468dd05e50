import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import { Failure } from '../../../src/shared/failure.ts'
import { HttpAgent } from '../../../src/transport/http/agent.ts'
import { readBody } from '../../../src/transport/http/exchange.ts'
import { ask, Reading, readAll } from '../../support/exchange.ts'
import { closeServers, listen, serveHttp } from '../../support/loopback.ts'
import { serveRaw } from '../../support/raw-server.ts'

/** Serves a body of `total` bytes as fast as it is read. `sent` returns how much was sent so far. */
async function serveFlood(total: number): Promise<{ url: string; sent: () => number }> {
  const piece = Buffer.alloc(64 * 1024, 'x')
  let sent = 0
  const url = await serveHttp((_request, response) => {
    const write = () => {
      while (sent < total) {
        sent += piece.length
        if (!response.write(piece)) return void response.once('drain', write)
      }
      response.end()
    }
    write()
  })
  return { url, sent: () => sent }
}

describe('an HTTP exchange', () => {
  afterEach(closeServers)

  it('sends header fields unchanged: order, repeated values, UTF-8 bytes', async () => {
    let head = ''
    const host = await serveRaw((socket, bytes) => {
      head = Buffer.from(bytes, 'latin1').toString('utf8')
      socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
    const headers = { 'X-Z': 'last', 'Last-Event-ID': 'é✓', 'X-A': ['1', '2'] }
    await readAll(await ask(`http://${host}/path?q=a%20b#fragment`, { headers }))
    assert.match(head, /^GET \/path\?q=a%20b HTTP\/1\.1\r\n/)
    assert.match(head, /X-Z: last\r\nLast-Event-ID: é✓\r\nX-A: 1\r\nX-A: 2\r\n/)
    assert.doesNotMatch(head, /accept-encoding/i)
  })

  it('sends a body with its length, and the credentials in the URL as Basic', async () => {
    const url = await serveHttp((request, response) => {
      const { method, headers } = request
      request.pipe(
        response.writeHead(200, {
          seen: JSON.stringify([method, headers['content-length'], headers.authorization]),
        }),
      )
    })
    const response = await ask(url.replace('//', '//us%40er:pass@'), {
      method: 'POST',
      headers: { 'Content-Length': '999' },
      body: Buffer.from('körper'),
    })
    const authorization = `Basic ${Buffer.from('us@er:pass').toString('base64')}`
    assert.deepEqual(JSON.parse(String(response.headers.seen)), ['POST', '7', authorization])
    assert.equal(Buffer.from((await readAll(response)).text, 'latin1').toString(), 'körper')
    const own = await ask(url.replace('//', '//me:pass@'), { headers: { AUTHORIZATION: 'Bearer own' } })
    assert.deepEqual(JSON.parse(String(own.headers.seen)), ['GET', null, 'Bearer own'])
    own.abort()
  })

  it('returns header fields in lower case, repeated ones as lists, and the content length', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'], 'X-One': 'one', 'Content-Length': 2 }).end('ok')
    })
    const response = await ask(url)
    assert.deepEqual(response.headers['set-cookie'], ['a=1', 'b=2'])
    assert.equal(response.headers['x-one'], 'one')
    assert.equal(response.contentLength, 2)
    assert.equal(response.httpVersion, '1.1')
    response.abort()
  })

  it('says what is wrong with a header field that cannot be sent', async () => {
    const url = await serveHttp((_request, response) => void response.end())
    await assert.rejects(ask(url, { headers: { 'Bad Name': 'x' } }), { code: 'BAD_REQUEST' })
    await assert.rejects(ask(url, { headers: { Upgrade: 'h2c' } }), {
      code: 'BAD_REQUEST',
      message: /upgrade/,
    })
  })

  it('refuses CONNECT at once, because it has no response to read', async () => {
    let connections = 0
    const host = await serveRaw(() => connections++)
    await assert.rejects(ask(`http://${host}/`, { method: 'CONNECT' }), {
      code: 'BAD_REQUEST',
      message: /CONNECT .* use another method/,
    })
    assert.equal(connections, 0)
  })

  it('uses one connection for ten requests with one agent, and closes it with the agent', async () => {
    const sockets = new Set<Socket>()
    const url = await serveHttp((request, response) => {
      sockets.add(request.socket)
      response.end(`answer to ${request.url}`)
    })
    const agent = new HttpAgent()
    for (let index = 0; index < 10; index++) {
      const response = await ask(`${url}${index}`, { agent })
      assert.equal(response.timing?.tcp !== undefined, index === 0)
      assert.equal((await readAll(response)).text, `answer to /${index}`)
    }
    const [only] = sockets
    assert.equal(sockets.size, 1)
    const closed = once(only ?? assert.fail(), 'close')
    agent.close()
    await closed
  })

  it('closes its own connection when the body is read', async () => {
    const server = createServer((_request, response) => void response.end('ok'))
    const connected = once(server, 'connection')
    const url = `http://127.0.0.1:${await listen(server)}/`
    const response = await ask(url)
    const [socket] = await connected
    const closed = once(socket, 'close')
    await readAll(response)
    await closed
  })

  it('repeats a GET if an idle connection turns out to be closed', async () => {
    let connections = 0
    const host = await serveRaw((socket) => {
      connections++
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      // The next request is sent on a connection that is about to close.
      if (connections === 1) socket.on('data', () => socket.resetAndDestroy())
    })
    const agent = new HttpAgent()
    await readAll(await ask(`http://${host}/`, { agent }))
    assert.equal((await readAll(await ask(`http://${host}/`, { agent }))).text, 'ok')
    assert.equal(connections, 2)
    agent.close()
  })

  it('does not repeat a POST, which the server may have processed', async () => {
    let requests = 0
    const host = await serveRaw((socket) => {
      requests++
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      socket.on('data', () => {
        requests++
        socket.resetAndDestroy()
      })
    })
    const agent = new HttpAgent()
    const post = { agent, method: 'POST', body: Buffer.from('x') }
    await readAll(await ask(`http://${host}/`, { agent }))
    await assert.rejects(ask(`http://${host}/`, post), { code: 'ECONNRESET' })
    assert.equal(requests, 2)
    agent.close()
  })

  it('ends at once when the signal aborts before the head', async () => {
    const url = await serveHttp(() => {})
    const control = new AbortController()
    const asked = ask(url, { signal: control.signal })
    setTimeout(() => control.abort(), 30)
    await assert.rejects(asked, { code: 'DISCONNECTED' })
    await assert.rejects(ask(url, { signal: control.signal }), { code: 'DISCONNECTED' })
  })

  it('ends a body with DISCONNECTED when the signal aborts, and keeps what arrived', async () => {
    const url = await serveHttp((_request, response) => void response.write('kept'))
    const control = new AbortController()
    const reading = new Reading(await ask(url, { signal: control.signal }))
    await reading.until('kept')
    control.abort()
    const end = await reading.end
    assert.ok(!end.complete)
    assert.equal(end.failure.code, 'DISCONNECTED')
  })

  it('ends a paused body at once when the signal aborts', async () => {
    const url = await serveHttp((_request, response) => void response.end('all there'))
    const control = new AbortController()
    const response = await ask(url, { signal: control.signal })
    response.pause()
    const reading = new Reading(response)
    control.abort()
    const end = await reading.end
    assert.deepEqual([end.complete, reading.text], [false, ''])
  })

  it('ends the exchange with a failure that the reader throws', async () => {
    const url = await serveHttp((_request, response) => void response.write('too much'))
    const response = await ask(url)
    const failure = new Failure('TOO_LARGE', 'It is too much; take less.')
    const end = await readBody(response, {
      data() {
        throw failure
      },
    })
    assert.deepEqual([!end.complete && end.failure], [failure])
  })

  it('stops the server from sending while paused, and loses nothing', async () => {
    const total = 64 * 1024 * 1024
    const { url, sent } = await serveFlood(total)
    const response = await ask(url)
    let received = 0
    response.pause()
    const end = readBody(response, {
      data(bytes) {
        received += bytes.length
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.equal(received, 0)
    assert.ok(sent() < total / 2, `${sent()} bytes were sent to a paused reader`)
    response.resume()
    assert.equal((await end).complete, true)
    assert.equal(received, total)
  })

  it('holds back a body that is not read yet, and gives all of it to a late reader', async () => {
    const total = 32 * 1024 * 1024
    const { url, sent } = await serveFlood(total)
    const response = await ask(url)
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.ok(sent() < total / 2, `${sent()} bytes were sent to nobody`)
    let received = 0
    const end = await readBody(response, {
      data(bytes) {
        received += bytes.length
      },
    })
    assert.deepEqual([end.complete, received], [true, total])
  })

  it('has no body to read after HEAD, 204 and 304', async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { 'content-encoding': 'gzip' }).end()
    })
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      const { text, end } = await readAll(await ask(`${url}${status}`, { method }))
      assert.deepEqual([text, end.complete], ['', true])
    }
  })
})
