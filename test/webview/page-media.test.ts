/** Streams watched in the built page: a real server, the real engine, a real browser. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { ARTIFACTS } from '../../scripts/paths.ts'
import { becomes, eventually } from '../support/eventually.ts'
import { closeServers, serveHttp, serveWebSocket } from '../support/loopback.ts'
import { LivePanel } from './live/live-panel.ts'
import { png, recordWebm } from './live/media.ts'

/** The globals of the browser that the tests use. */
interface Looks {
  readonly document: {
    querySelector(selector: string): Video & Picture
    createElement(name: 'canvas'): {
      width: number
      height: number
      getContext(kind: '2d'): {
        drawImage(picture: unknown, x: number, y: number): void
        getImageData(x: number, y: number, w: number, h: number): { readonly data: Uint8ClampedArray }
      }
    }
  }
}

interface Video {
  readonly currentTime: number
  readonly paused: boolean
  readonly videoWidth: number
}

interface Picture {
  readonly naturalWidth: number
  readonly naturalHeight: number
}

describe('a stream watched in the panel', () => {
  let webm: Buffer
  let live: LivePanel

  before(async () => {
    webm = await recordWebm(3000)
  })

  beforeEach(async () => {
    live = await LivePanel.open()
  })

  afterEach(async () => {
    await live.close()
    closeServers()
    assert.deepEqual(live.errors, [])
  })

  /** A server whose response the test writes. Resolves to the response after the request. */
  async function serve(type: string, headers: Record<string, string | number> = {}) {
    let asked: (response: ServerResponse) => void = () => {}
    const response = new Promise<ServerResponse>((resolve) => {
      asked = resolve
    })
    const url = await serveHttp((_request, answer) => {
      answer.writeHead(200, { 'content-type': type, ...headers })
      answer.flushHeaders()
      asked(answer)
    })
    return { url, response }
  }

  async function watch(): Promise<void> {
    await live.select(1)
    await live.page.getByRole('tab', { name: 'Watch' }).click()
  }

  function video(): Promise<Video> {
    return live.page.evaluate(() => {
      const { currentTime, paused, videoWidth } = (globalThis as unknown as Looks).document.querySelector(
        'video',
      )
      return { currentTime, paused, videoWidth }
    })
  }

  const isPaused = async () => (await video()).paused

  /** Waits until the video is at a time, in seconds. */
  async function plays(to: number): Promise<void> {
    await live.page.waitForFunction((time) => {
      const { document } = globalThis as unknown as Looks
      return document.querySelector('video').currentTime >= time
    }, to)
  }

  /** The colors in the middle of the picture's first and last row: red, green, blue, alpha. */
  function colors(): Promise<number[][]> {
    return live.page.evaluate(() => {
      const { document } = globalThis as unknown as Looks
      const picture = document.querySelector('img.watch-picture')
      const canvas = document.createElement('canvas')
      canvas.width = picture.naturalWidth
      canvas.height = picture.naturalHeight
      const context = canvas.getContext('2d')
      context.drawImage(picture, 0, 0)
      const at = (y: number) => [...context.getImageData(canvas.width >> 1, y, 1, 1).data]
      return [at(0), at(canvas.height - 1)]
    })
  }

  /** Waits until the picture's first and last row have these colors. */
  async function shows(isWanted: (top?: number[], bottom?: number[]) => boolean): Promise<void> {
    while (!isWanted(...(await colors())));
  }

  it('plays a video while it downloads, shows what is buffered, and ends with it', async () => {
    const { url, response } = await serve('video/webm', { 'content-length': webm.length })
    await live.connect({ url })
    const answer = await response
    const half = webm.length >> 1
    answer.write(webm.subarray(0, half))
    await live.page.locator('[data-event="2"]').waitFor()
    await watch()
    await plays(0.3)
    assert.equal(answer.writableEnded, false)
    assert.equal((await video()).videoWidth, 160)
    const position = live.page.getByRole('slider', { name: 'Position' })
    const before = Number(await position.getAttribute('max'))
    assert.ok(before > 0.5 && before < 2.6, `${before} s`)
    await live.page.screenshot({ path: join(ARTIFACTS, 'watch-video.png') })

    await live.page.getByRole('button', { name: 'Pause', exact: true }).last().click()
    await becomes(isPaused, true)
    await position.focus()
    await live.page.keyboard.press('Home')
    await eventually(async () => assert.ok((await video()).currentTime < 0.2))
    await live.page.keyboard.press(' ')
    await becomes(isPaused, false)

    answer.end(webm.subarray(half))
    await live.page.getByRole('button', { name: 'Newest' }).waitFor({ state: 'detached' })
    await eventually(async () => assert.ok(Number(await position.getAttribute('max')) > before))
    await plays(2)
    await live.page.getByRole('button', { name: 'Save stream…' }).click()
    await becomes(() => live.calls.at(-1), { method: 'savePayload', params: { index: 1, whole: true } })
  })

  it('plays a video that arrives as messages of a WebSocket', async () => {
    const url = await serveWebSocket((socket) => {
      for (let at = 0; at < webm.length; at += 20_000) socket.send(webm.subarray(at, at + 20_000))
    })
    await live.connect({ url })
    await live.page.locator('[data-event="2"]').waitFor()
    await watch()
    await plays(0.5)
  })

  it('shows the newest picture of a stream of pictures, with their rate and size', async () => {
    const { url, response } = await serve('multipart/x-mixed-replace; boundary=frame')
    await live.connect({ url })
    const answer = await response
    const frame = (picture: Buffer) =>
      answer.write(
        Buffer.concat([
          Buffer.from(`--frame\r\nContent-Type: image/png\r\nContent-Length: ${picture.length}\r\n\r\n`),
          picture,
          Buffer.from('\r\n'),
        ]),
      )
    frame(png(64, 48, [250, 8, 8]))
    await live.page.locator('[data-event="2"]').waitFor()
    await watch()
    await live.page.getByRole('img', { name: 'Newest frame' }).waitFor()
    await live.page.getByText('64 × 48').waitFor()
    await shows(([red = 0] = []) => red > 200)
    for (let i = 0; i < 20; i++) {
      frame(png(64, 48, [8, 8, i % 2 ? 250 : 120]))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    frame(png(64, 48, [8, 250, 8]))
    await live.page.getByRole('button', { name: '#24', exact: true }).waitFor()
    await shows(([red = 0, green = 0] = []) => green > 200 && red < 20)
    const rate = Number.parseFloat((await live.page.locator('.watch-fps').textContent()) ?? '')
    assert.ok(rate > 0, `${rate} fps`)
    await live.page.screenshot({ path: join(ARTIFACTS, 'watch-frames.png') })

    await live.page.getByRole('button', { name: 'Pause', exact: true }).last().click()
    frame(png(64, 48, [8, 8, 250]))
    await live.page.locator('[data-event="24"]').waitFor()
    assert.equal(await live.page.getByRole('button', { name: '#24', exact: true }).count(), 1)
    await live.page.getByRole('button', { name: 'Save frame…' }).click()
    await becomes(() => live.calls.at(-1), { method: 'savePayload', params: { index: 23, whole: false } })
  })

  it('shows the downloaded part of a picture', async () => {
    const picture = png(200, 200, [20, 160, 240])
    const { url, response } = await serve('image/png', { 'content-length': picture.length })
    await live.connect({ url })
    const answer = await response
    answer.write(picture.subarray(0, picture.length >> 1))
    await live.page.locator('[data-event="2"]').waitFor()
    await watch()
    await live.page.getByText('200 × 200').waitFor()
    await shows(([, , , top] = [], [, , , bottom] = []) => top === 255 && bottom === 0)
    await live.page.getByText(/kB of .*kB/).waitFor()
    await live.page.screenshot({ path: join(ARTIFACTS, 'watch-picture.png') })
    answer.end(picture.subarray(picture.length >> 1))
    await shows((_top, [, , , alpha] = []) => alpha === 255)
  })

  it('says what it cannot play, and offers to save it', async () => {
    const { url, response } = await serve('video/webm; codecs="unheard-of"')
    await live.connect({ url })
    ;(await response).write(webm.subarray(0, 40_000))
    await live.page.locator('[data-event="2"]').waitFor()
    await watch()
    const alert = live.page.locator('.watch').getByRole('alert')
    await alert.waitFor()
    assert.match(
      (await alert.textContent()) ?? '',
      /cannot play video\/webm; codecs="unheard-of", because .+ Save the stream/,
    )
    await live.page.getByRole('button', { name: 'Save stream…' }).waitFor()
  })

  it('says when a stream is broken', async () => {
    const broken = Buffer.concat([webm.subarray(0, 300), Buffer.alloc(60_000, 7)])
    const { url, response } = await serve('video/webm')
    await live.connect({ url })
    ;(await response).end(broken)
    await live.page.locator('[data-event="2"]').waitFor()
    await watch()
    const alert = live.page.locator('.watch').getByRole('alert')
    await alert.waitFor()
    assert.match((await alert.textContent()) ?? '', /could not decode this stream.+Save the stream/)
    await becomes(() => live.page.locator('video').isVisible(), false)
  })

  it('does not offer a Watch tab if there is nothing to watch', async () => {
    const { url, response } = await serve('application/x-ndjson')
    await live.connect({ url })
    ;(await response).write('{"a":1}\n')
    await live.page.locator('[data-event="2"]').waitFor()
    await live.select(2)
    await live.page.getByRole('tree').waitFor()
    assert.equal(await live.page.getByRole('tab', { name: 'Watch' }).count(), 0)
  })
})
