/** Streams of gRPC-Web and Connect from a real server. */
import assert from 'node:assert/strict'
import protobufjs from 'protobufjs'
import { areFrames, GRPC_HEAD, grpcFrame } from '../../src/parse/grpc.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { GREETER_PROTO, startGreeter } from '../support/connect-rpc.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'

const HELLO = protobufjs.parse(GREETER_PROTO).root.lookupType('test.Hello')
const hello = (fields: object) => HELLO.encode(HELLO.fromObject(fields)).finish()

async function call(url: string, type: string, body: ConnectionSpec['body'], headers = {}): Promise<Attempt> {
  const spec = { url, headers: { 'Content-Type': type, ...headers }, ...(body !== undefined && { body }) }
  const attempt = new Attempt(createTransport(spec), spec)
  await attempt.outcome
  return attempt
}

/** The contents of the frames with the flags. */
function contents(attempt: Attempt, flags: number): Buffer[] {
  return attempt
    .of('message')
    .filter(({ payload }) => payload[0] === flags)
    .map(({ payload }) => Buffer.from(payload.subarray(GRPC_HEAD)))
}

describe('a stream of gRPC-Web or Connect', () => {
  afterEach(closeServers)

  it('has a record for each message of Connect in JSON, with metadata as trailers', async () => {
    const attempt = await call(await startGreeter(), 'application/connect+json', '{"name":"Ann","count":3}', {
      'Connect-Protocol-Version': '1',
    })
    assert.equal(attempt.of('open')[0]?.framing, 'grpc')
    assert.deepEqual(
      contents(attempt, 0).map((each) => JSON.parse(each.toString())),
      [1, 2, 3].map((count) => ({ name: `Ann ${count}`, count })),
    )
    assert.deepEqual(attempt.of('close')[0]?.trailers, { 'x-total': '3' })
    assert.deepEqual(attempt.of('error'), [])
    for (const { payload, wireSize } of attempt.of('message'))
      assert.ok(wireSize !== undefined && wireSize >= payload.length)
  })

  it('ends with the error that the server names', async () => {
    const attempt = await call(
      await startGreeter(),
      'application/connect+json',
      '{"name":"nobody","count":1}',
      {
        'Connect-Protocol-Version': '1',
      },
    )
    assert.equal(contents(attempt, 0).length, 1)
    const [error] = attempt.of('error')
    assert.equal(error?.code, 'STREAM_ERROR')
    assert.match(error?.message ?? '', /\(not_found: nobody is here\)/)
  })

  it('has the trailers of gRPC-Web', async () => {
    const body = { base64: Buffer.from(hello({ name: 'Bo', count: 2 })).toString('base64') }
    const attempt = await call(await startGreeter(), 'application/grpc-web+proto', body)
    assert.deepEqual(
      contents(attempt, 0).map((each) => HELLO.decode(each).toJSON()),
      [1, 2].map((count) => ({ name: `Bo ${count}`, count })),
    )
    const [close] = attempt.of('close')
    assert.deepEqual([close?.trailers?.['grpc-status'], close?.trailers?.['x-total']], ['0', '2'])
    assert.deepEqual(attempt.of('error'), [])
  })

  it('fails by the status in the trailers of gRPC-Web', async () => {
    const body = { base64: Buffer.from(hello({ name: 'nobody', count: 0 })).toString('base64') }
    const attempt = await call(await startGreeter(), 'application/grpc-web+proto', body)
    const [error] = attempt.of('error')
    assert.equal(error?.code, 'STREAM_ERROR')
    assert.match(error?.message ?? '', /grpc-status: 5/)
  })

  it('sends frames that the user has made as they are', async () => {
    const frame = grpcFrame(hello({ name: 'Cy', count: 1 }))
    const body = { base64: frame.toString('base64') }
    const attempt = await call(await startGreeter(), 'application/connect+proto', body)
    assert.equal(contents(attempt, 0).length, 1)
    assert.ok(areFrames(frame) && !areFrames(frame.subarray(1)) && !areFrames(Buffer.of()))
  })

  it('keeps frames compressed, and says what is not in frames', async () => {
    const attempt = await call(await startGreeter(0), 'application/connect+json', '{"name":"Di","count":1}', {
      'Connect-Accept-Encoding': 'gzip',
    })
    assert.equal(contents(attempt, 1).length, 1)
    assert.deepEqual(attempt.of('close')[0]?.trailers, { 'x-total': '1' })
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/grpc-web+proto' }).end('<html>')
    })
    const unframed = await call(url, 'application/grpc-web+proto', undefined)
    assert.match(
      unframed.of('error')[0]?.message ?? '',
      /not in frames of gRPC: one begins with the byte 0x3c/,
    )
    // Another attempt would fail in the same way, and send the request again.
    assert.equal((await unframed.outcome).end, 'failed')
    assert.equal(unframed.of('close')[0]?.by, 'client')
  })

  it('fails by the status in the head of a response without messages', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, {
        ...{ 'content-type': 'application/grpc-web+proto', 'grpc-status': '7', 'grpc-message': 'no' },
      })
      response.end()
    })
    const [error] = (await call(url, 'application/grpc-web+proto', undefined)).of('error')
    assert.match(error?.message ?? '', /grpc-status: 7, grpc-message: no/)
  })

  it('is cut inside of a frame if the body ends there', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/connect+json' })
      response.end(grpcFrame(Buffer.from('{"a":1}')).subarray(0, 9))
    })
    const attempt = await call(url, 'application/connect+json', '{}')
    assert.equal(attempt.of('message')[0]?.truncated, true)
    assert.equal(attempt.of('error')[0]?.code, 'TRUNCATED')
  })
})
